# frozen_string_literal: true

require "rbconfig"

# Some Sidekiq processes of one application, each to be stopped as the spec wants.
class Sidekiqs
  # @param application [String] the file they load
  # @param environment [Hash]
  def initialize(application, environment)
    @command = [RbConfig.ruby, "-S", "sidekiq", "--concurrency", "3", "--queue", "external_service_reactive_caching", "--timeout", "60",
                "--require", application]
    @environment = { "RACK_ENV" => "test" }.merge(environment)
    @pids = []
  end

  # @return [Array<Integer>]
  attr_reader :pids

  # @return [Integer] the process's id
  def start
    pid = spawn(@environment, *@command, out: File::NULL, err: ENV["FLEET_ERRORS"] || File::NULL)
    pids << pid
    pid
  end

  # @return [Float] the seconds it took to end
  def stop(pid, signal)
    started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
    Process.kill(signal, pid)
    Process.wait(pid)
    pids.delete(pid)
    Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
  end

  def close
    pids.dup.each { |pid| stop(pid, "KILL") }
  end
end
