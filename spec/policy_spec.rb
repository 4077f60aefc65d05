# frozen_string_literal: true

require "gitlab_kube"
require "json"
require_relative "support/world/namespace"

# Every way to the network, from a program in a namespace where every address answers and the environment names a proxy. Unchecked: the
# calls are in that program.
RSpec.describe "The policy on addresses", unchecked: true do
  before(:all) do
    out, errors, ended = World.run(File.expand_path("support/world/child.rb", __dir__))
    raise errors unless ended.success?

    @said = JSON.parse(out.lines.last)
  end

  good = "93.184.216.34:80"

  # @return [Hash] the calls that did anything but be refused without dialling
  def not_refused(calls)
    calls.reject { |_name, call| call["dialled"].empty? && call["words"].to_s.include?("is blocked") }
  end

  def dialled(calls)
    calls.values.flat_map { |call| call["dialled"] }.uniq
  end

  it "lets every entry through to a name that means an ordinary address, and none of them to the environment's proxy" do
    expect(@said["control"].size).to be > 30
    expect(@said["control"].select { |_name, call| call["dialled"].empty? }.keys).to eq([])
    expect(dialled(@said["control"])).to eq([good])
  end

  {
    "blocked" => "a name that means a blocked address",
    "turned" => "a name that has come to mean one since the server said what it has",
    "intercepted" => "such a name when an interceptor lets the call go on",
    "proxied" => "such a name behind the operator's proxy, which is not even dialled, whatever NO_PROXY says",
    "users_proxy" => "a proxy whose name means a blocked address"
  }.each do |way, what|
    it "refuses at every entry #{what}, and dials nothing" do
      expect(@said[way].size).to eq(@said["control"].size)
      expect(dialled(@said[way])).to eq([])
      # A connection to a local port is reset; its caller is not in Ruby.
      expect(not_refused(@said[way]).keys).to eq(["local port_forward"])
    end
  end

  it "goes through the operator's proxy by address, though NO_PROXY names every host" do
    expect(dialled(@said["proxied_control"])).to eq(["127.0.0.1:3128 for #{good}"])
  end

  it "asks again at each dial: after a token's or a plugin's refresh, and when a watch goes on" do
    expect(@said["asked_again"].keys).to eq(["token provider", "exec plugin", "resumed watch"])
    expect(@said["asked_again"].values.map { |call| call["error"] }).to all(eq("GitlabKube::BlockedAddressError"))
    expect(@said["asked_again"].values.map { |call| call["dialled"] }).to all(eq([good]))
  end

  it "asks the settings in the calling thread, at each request and each time a watch goes on" do
    open, closed, running, threads = @said["settings"].values
    expect(open).to eq({ "error" => nil, "dialled" => ["169.254.169.254:80"] })
    expect(closed).to include("error" => "GitlabKube::BlockedAddressError", "dialled" => [])
    expect(running).to include("error" => "GitlabKube::BlockedAddressError")
    expect(running["dialled"].uniq).to eq(["169.254.169.254:80"])
    expect(threads).to eq([true])
  end
end
