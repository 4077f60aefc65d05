# frozen_string_literal: true

# Every scenario comes out the same over the kubeclient gem and over this one, but for the differences that docs/kubeclient.md lists.
require "json"
require "open3"

RSpec.describe "parity with the kubeclient gem" do
  # The page's table: `| id | what kubeclient does | what this gem does | why |`.
  listed = File.readlines(File.expand_path("../../../docs/kubeclient.md", __dir__)).filter_map { |line| line[/\A\| `([a-z-]+)` \|/, 1] }

  # Runs on first use, once for each client.
  outcomes = Hash.new do |known, implementation|
    program = File.join(__dir__, "parity.rb")
    output, errors, status = Open3.capture3({ "PARITY" => implementation, "RUBYOPT" => nil }, RbConfig.ruby, program)
    raise "#{implementation}: #{errors}" unless status.success?

    known[implementation] = JSON.parse(output).to_h { |row| [row.values_at("scenario", "transport"), row] }
  end

  # Words are compared only where a scenario returns them.
  def comparable(row)
    row.fetch("outcome").except("words")
  end

  it "plays every scenario over both, and each means what it says over the gem" do
    gem = outcomes["kubeclient"]
    expect(gem.size).to be > 200
    expect(outcomes["gitlab_kube"].keys).to eq gem.keys
    surprises = gem.reject { |_, row| row.dig("outcome", "error") == row["raises"] }
    expect(surprises.transform_values { |row| row["outcome"] }).to eq({})
  end

  it "differs nowhere but where it is listed" do
    unlisted = outcomes["kubeclient"].reject do |key, row|
      row["differs"] || comparable(row) == comparable(outcomes["gitlab_kube"].fetch(key))
    end
    expect(unlisted.map { |key, row| [key, row["outcome"], outcomes["gitlab_kube"][key]["outcome"]] }).to eq []
  end

  it "differs everywhere it is listed" do
    alike = outcomes["kubeclient"].select { |key, row| row["differs"] && comparable(row) == comparable(outcomes["gitlab_kube"].fetch(key)) }
    expect(alike.keys).to eq []
  end

  it "has a scenario for each difference listed, and a line for each difference seen" do
    expect(outcomes["kubeclient"].values.filter_map { |row| row["differs"] }.uniq).to match_array(listed)
  end
end
