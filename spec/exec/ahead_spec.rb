# frozen_string_literal: true

require "gitlab_kube"
require "timeout"

RSpec.describe GitlabKube::Ahead do
  it "gives what came, in pieces of any length" do
    ahead = described_class.new
    ahead << "ab" << "cde"
    expect([ahead.take(1), ahead.take(3), ahead.bytesize]).to eq(["a", "bcd", 1])
    ahead << "f\xFF".b
    expect([ahead.take(100), ahead.take(1), ahead.empty?]).to eq(["ef\xFF".b, "", true])
  end

  # If each read copied what is left, these would copy a quarter of a terabyte.
  it "is not slower for what is left" do
    ahead = described_class.new << ("\0" * (16 << 20))
    Timeout.timeout(20) { ahead.take(512) until ahead.empty? }
  end
end
