# frozen_string_literal: true

# Runs every file of examples beside this one over both clients, each in a process of its own: they define the same names. Those in doors/
# are about what only this gem has.
require "json"
require "open3"

RSpec.describe "examples that any client of the kubeclient family passes" do
  def run_examples(file, implementation)
    output, errors, status = Open3.capture3(
      { "PARITY" => implementation, "RUBYOPT" => nil }, RbConfig.ruby, "-S", "rspec", "--options", File::NULL, "--format", "json", file
    )
    [JSON.parse(output[/^\{.*\}$/m] || "{}"), errors + output.lines.last(20).join, status]
  end

  Dir["**/*_examples.rb", base: __dir__].each do |file|
    implementations = file.start_with?("doors/") ? %w[gitlab_kube] : %w[kubeclient gitlab_kube]
    implementations.each do |implementation|
      it "passes #{file} as #{implementation}" do
        report, words, status = run_examples(File.join(__dir__, file), implementation)
        failures = report.fetch("examples", []).select { |example| example["status"] == "failed" }

        expect(failures.map { |example| [example["full_description"], example.dig("exception", "message")] }).to eq []
        expect(status).to be_success, words
        expect(report.dig("summary", "example_count")).to be_positive
      end
    end
  end
end
