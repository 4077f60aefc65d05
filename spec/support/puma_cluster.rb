# frozen_string_literal: true

require "net/http"
require "rbconfig"
require "timeout"

# A real Puma of several worker processes, and several clients that ask it without a pause.
class PumaCluster
  APP = File.expand_path("puma_cluster/config.ru", __dir__)
  CONFIG = File.expand_path("puma_cluster/puma.rb", __dir__)
  START = 60 # seconds
  STOP = 10
  CLIENTS = 4

  # What was answered other than as it should be.
  attr_reader :failures

  # @param options [Array<String>] Puma's own, as on its command line
  def initialize(kubeconfig, *options)
    @output, output = IO.pipe
    @pid = spawn({ "KUBECONFIG" => kubeconfig }, RbConfig.ruby, "-S", "puma", "--bind", "tcp://127.0.0.1:0", "--workers", "2",
                 "--threads", "2:2", "--config", CONFIG, *options, APP, out: output, err: output, pgroup: true)
    output.close
    @port = read_port
    @draining = Thread.new { @output.each_line { |line| (@said ||= []) << line } }
    @failures = Queue.new
    @workers = Queue.new
    @asking = Array.new(CLIENTS) { Thread.new { ask } }
  end

  # @param name [String] a signal for the process that has made the others
  def signal(name)
    Process.kill(name, @pid)
  end

  # @return [Array<Integer>] the processes that gave the next hundred answers
  def workers
    @workers.clear
    Timeout.timeout(START, nil, "nobody answers:\n#{said.join}") { Array.new(100) { @workers.pop } }.uniq.sort
  end

  # @return [Array<String>] what Puma has printed
  def said
    @said.to_a
  end

  # Now and then Puma 6 waits half a minute or longer for the end of its workers, whatever the application is.
  def stop
    @asking&.each(&:kill)
    Process.kill("TERM", @pid)
    Timeout.timeout(STOP) { Process.wait(@pid) }
  rescue Timeout::Error
    Process.kill("KILL", -@pid)
    Process.wait(@pid)
  ensure
    @draining&.kill
    @output.close
  end

  private

  def read_port
    seen = []
    while @output.wait_readable(START) && (line = @output.gets)
      port = line[%r{Listening on http://127.0.0.1:(\d+)}, 1] and return Integer(port)
      seen << line
    end
    raise "Puma did not start:\n#{seen.join}"
  end

  # One connection for each request: on one that is kept, a request may cross the server's end of it, which is nobody's fault.
  def ask
    loop do
      answer = Net::HTTP.start("127.0.0.1", @port, read_timeout: 60) { |http| http.get("/") }
      value, pid = answer.body.split
      answer.code == "200" && value == "v" ? @workers << Integer(pid) : @failures << "#{answer.code} #{answer.body[0, 200]}"
    rescue StandardError => e
      @failures << "#{e.class}: #{e.message}"
      sleep 0.1
    end
  end
end
