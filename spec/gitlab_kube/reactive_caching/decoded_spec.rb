# frozen_string_literal: true

require "gitlab_kube/reactive_caching"

RSpec.describe GitlabKube::ReactiveCaching::Decoded do
  def read(life, bytesize: 100, header: "#{life} at one")
    described_class.fetch(header, life, bytesize) { yield if block_given? }
  end

  it "decodes once for each value, and anew for another value of the same life" do
    decoded = []
    2.times { read("decodes") { decoded << 1 } }
    2.times { read("decodes", header: "decodes at two") { decoded << 2 } }
    expect(decoded).to eq([1, 2])
  end

  it "keeps nothing of a value that cannot be decoded" do
    expect { read("fails") { raise TypeError } }.to raise_error(TypeError)
    expect(read("fails") { :decoded }).to eq(:decoded)
  end

  it "keeps no more than its capacity: the one longest unchanged goes first" do
    largest = described_class::CAPACITY / 4
    6.times { |number| read("large #{number}", bytesize: largest) { number } }
    expect(described_class.weight).to be <= described_class::CAPACITY
    expect([read("large 5") { :again }, read("large 0") { :again }]).to eq([5, :again])
  end

  it "keeps few of the smallest values, which cost more than their bytes" do
    20_000.times { |number| read("small #{number}", bytesize: 1) { number } }
    expect(described_class.weight).to be <= described_class::CAPACITY
    expect(read("small 0") { :again }).to eq(:again)
  end
end
