# frozen_string_literal: true

require "timeout"
require_relative "support/cluster"

# Over HTTP/2, where all streams of a connection share a lock.
RSpec.describe "Forking beside a busy connection", :cluster do
  let(:client) { AcceptanceCluster.client }

  # Calls that keep the connection, and so its lock, busy.
  def busily
    over = false
    threads = Array.new(10) { Thread.new { client.get_namespace("default") until over } }
    yield
  ensure
    over = true
    threads&.each(&:join)
  end

  # @return [Integer, nil] exit status of a child that runs the block; nil if it hangs
  def child
    pid = fork do
      yield
      exit!(0)
    end
    Timeout.timeout(10) { Process.wait2(pid).last.exitstatus }
  rescue Timeout::Error
    Process.kill("KILL", pid)
    Process.wait(pid)
    nil
  end

  it "lets no child hang that closes what it has of its parent's watch, which goes on" do
    stream = client.core_client.raw(:get, "/api/v1/namespaces?watch=true", want: :stream)
    statuses = busily { Array.new(200) { child { stream.close } } }
    expect(statuses.tally).to eq(0 => 200)
    expect(stream.event(20).first).to eq("ADDED")
  end
end
