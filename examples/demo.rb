# frozen_string_literal: true

# The main job on a real cluster, inside a real Sidekiq process, then a page on Puma that a frozen cluster cannot stop:
# bin/demo, or KUBECONFIG=… bin/demo. `--embedded` needs neither Redis nor Sidekiq.
require "json"
require "optparse"
require "fileutils"
require_relative "demo_job"
require_relative "demo_page"
require_relative "support/stack"

# Starts what is needed, runs the job, reads the page, prints a table.
class Demo
  def initialize(arguments)
    @pods = 5000
    OptionParser.new do |options|
      options.on("--embedded", "job, cache and page in this process, without Redis and Sidekiq") { @embedded = true }
      options.on("--pods N", Integer, "how many pods to list (5000)") { |pods| @pods = pods }
      options.on("--stay", "leave the page open until Ctrl-C") { @stay = true }
    end.parse!(arguments)
    @stack = Stack.new
  end

  def run
    ENV["KUBECONFIG"] ||= start_cluster
    page = @embedded ? start_here : start_stack
    done = follow_job && show_page(page)
    exit(done ? 0 : 1)
  ensure
    @puma&.close
    @stack.stop
    @cluster&.stop
  end

  private

  def start_cluster
    require_relative "../spec/support/test_cluster"
    puts "Starting a Kubernetes control plane …"
    @cluster = TestCluster.start(err: File::NULL) # it complains when it is frozen
    @cluster.kubeconfig
  end

  # @return [String] the page's URL
  def start_stack
    url = @stack.redis
    @stack.sidekiq("#{__dir__}/demo_worker.rb")
    require_relative "demo_worker"
    Redis.silence_deprecations = true if defined?(Redis) && Redis.respond_to?(:silence_deprecations=) # of Sidekiq 6 with redis 4.8
    Sidekiq.configure_client { |config| config.redis = { url: url } }
    @stack.puma("#{__dir__}/web/config.ru")
  end

  # @return [String] the page's URL
  def start_here
    require_relative "../spec/support/puma_server"
    require_relative "web/cluster_state"
    require_relative "web/page"
    page = Page.new { ClusterState.new }
    @puma = PumaServer.new(GitlabKube::WebRequestGuard.new(page, mode: :refuse), threads: 4)
    "http://127.0.0.1:#{@puma.port}/"
  end

  def follow_job
    output = File.join(@stack.dir, "output")
    FileUtils.touch(output)
    job = [ENV.fetch("KUBECONFIG"), output, @pods]
    @embedded ? Thread.new { DemoJob.new.perform(*job) } : DemoJob.perform_async(*job)
    follow(output)
  end

  # Prints each line as it comes; true if nothing failed.
  def follow(output)
    File.open(output) do |file|
      failed = false
      loop do
        line = file.gets or next wait_for_more
        fact = JSON.parse(line, symbolize_names: true)
        return !failed if fact[:done]

        failed ||= fact.key?(:failed)
        show(fact)
      end
    end
  end

  def wait_for_more
    sleep 0.02
    @stack.check
  end

  # @return [true]
  def show_page(url)
    DemoPage.new(url, Cluster.client, @cluster && method(:freeze_cluster)) { |fact| show(fact) }.run { stay(url) if @stay }
    true
  end

  def freeze_cluster(still)
    Process.kill(still ? "STOP" : "CONT", @cluster.pid)
  end

  def stay(page)
    puts "The page stays open until Ctrl-C: #{page}"
    sleep
  rescue Interrupt
    nil
  end

  def show(fact)
    return puts "#{' ' * 37}| #{fact[:log]}" if fact[:log]

    time = fact[:ms] ? "#{fact[:ms]} ms" : fact[:failed]
    puts format("%-24s %11s  %s", fact[:step], time, fact[:result])
  end
end

$stdout.sync = true
Demo.new(ARGV).run if $PROGRAM_NAME == __FILE__
