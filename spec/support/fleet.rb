# frozen_string_literal: true

require "json"
require "rbconfig"
require_relative "redis_server"

# A web-like reader and a Sidekiq, real processes both, around a real Redis.
class Fleet
  APP = File.expand_path("fleet/app.rb", __dir__)
  READER = File.expand_path("fleet/reader.rb", __dir__)
  SIDEKIQ = %w[sidekiq --concurrency 3 --queue external_service_reactive_caching --timeout 1].freeze

  attr_reader :redis

  def initialize(**reader_environment)
    @redis = RedisServer.new.start
    @environment = { "REDIS_URL" => redis.url, "RACK_ENV" => "test" }
    @output, writer = IO.pipe
    @reader = start(RbConfig.ruby, READER, out: writer, environment: reader_environment)
    writer.close
  end

  def start_sidekiq
    @sidekiq = start(RbConfig.ruby, "-S", *SIDEKIQ, "--require", APP, out: File::NULL)
  end

  def kill_sidekiq
    Process.kill("KILL", @sidekiq)
    Process.wait(@sidekiq)
    @sidekiq = nil
  end

  # @return [Integer] how many of a thousand threads were answered that read one cold key at once
  def stampede
    Integer(IO.popen([@environment, RbConfig.ruby, File.expand_path("fleet/stampede.rb", __dir__)], &:read))
  end

  # What the reader has seen up to now.
  def report
    loop do
      @last = JSON.parse(@output.gets || raise("the reader is gone"))
      return @last unless @output.wait_readable(0)
    end
  end

  # How many values of each of the three keys the reader has seen.
  def values
    report["changes"].values_at("0", "1", "2").map(&:to_i)
  end

  # Milliseconds that each lease has left; Redis says -1 for one without an end, and -2 for one that has ended since.
  def leases
    redis.client.keys("gitlab_kube:lease:*").map { |key| redis.client.pttl(key) } - [-2]
  end

  def close
    [@reader, @sidekiq].compact.each do |pid|
      Process.kill("KILL", pid)
      Process.wait(pid)
    end
    redis.close
  end

  private

  def start(*command, out:, environment: {})
    spawn(@environment.merge(environment), *command, out: out, err: ENV["FLEET_ERRORS"] || File::NULL)
  end
end
