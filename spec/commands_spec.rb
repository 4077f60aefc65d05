# frozen_string_literal: true

# bin/test is what says that everything holds: it must not say so when something did not.
require "fileutils"
require "open3"
require "tmpdir"

RSpec.describe "bin/test" do
  root = File.expand_path("..", __dir__)

  # Runs a copy of bin/test over suites that print and do what a case needs.
  def bin_test(suites, *arguments, user: nil)
    place = Dir.mktmpdir("bin-test", "/tmp")
    prepare(place, suites)
    as_user = user ? ["setpriv", "--reuid=#{user}", "--clear-groups"] : []
    output, status = Open3.capture2e(*as_user, "#{place}/bin/test", *arguments)
    [output.lines(chomp: true), status.exitstatus]
  ensure
    FileUtils.rm_rf(place)
  end

  define_method(:prepare) do |place, suites|
    FileUtils.mkdir_p([File.join(place, "bin"), File.join(place, ".ci")])
    %w[bin/test .ci/count .ci/failures .ci/environment].each { |name| FileUtils.cp File.join(root, name), File.join(place, name) }
    { "bin/setup" => "exit 0" }.merge(suites.to_h { |name, (_, _, script)| [".ci/#{name}", script] }).each do |name, script|
      File.write(File.join(place, name), "#!/bin/sh\n#{script}\n", perm: 0o755)
    end
    table = suites.map { |name, (minutes, count, _)| "#{name} #{minutes} #{count} .ci/#{name}\n" }
    File.write(File.join(place, ".ci/suites"), table.join)
    FileUtils.chmod_R("a+rwX", place)
  end

  {
    "adds up the tests of every suite" => [
      { a: [1, :rspec, "echo '3 examples, 0 failures'"], b: [1, :cargo, "echo 'test result: ok. 2 passed; 0 failed; 0 ignored'"],
        c: [1, :go, "echo '--- PASS: TestA (0.00s)'; echo '    --- PASS: TestA/b (0.00s)'"], d: [1, :check, "true"] },
      "8 passed, 0 failed", 0
    ],
    "fails when one test failed" => [{ a: [1, :rspec, "echo '3 examples, 1 failure'; exit 1"] }, "2 passed, 1 failed", 1],
    "counts a pending example as failed" => [{ a: [1, :rspec, "echo '3 examples, 0 failures, 1 pending'"] }, "2 passed, 1 failed", 1],
    "counts an ignored Rust test as failed" => [
      { a: [1, :cargo, "echo 'test result: ok. 2 passed; 0 failed; 1 ignored; 0 measured'"] }, "2 passed, 1 failed", 1
    ],
    "counts a skipped Go test as failed" => [{ a: [1, :go, "echo '--- PASS: A'; echo '--- SKIP: B'"] }, "1 passed, 1 failed", 1],
    "counts an error outside of examples as failed" => [
      { a: [1, :rspec, "echo '0 examples, 0 failures, 1 error occurred outside of examples'; exit 1"] }, "0 passed, 1 failed", 1
    ],
    "counts a suite that ran no test as failed" => [{ a: [1, :rspec, "echo '0 examples, 0 failures'"] }, "0 passed, 1 failed", 1],
    "counts a suite that crashed after its tests as failed" => [{ a: [1, :rspec, "echo '3 examples, 0 failures'; kill -SEGV $$"] },
                                                                "3 passed, 1 failed", 1],
    "counts a check that does not hold as failed" => [{ a: [1, :check, "false"] }, "0 passed, 1 failed", 1],
    "stops a suite that hangs, and goes on" => [{ a: [0.01, :check, "sleep 600"], b: [1, :check, "true"] }, "1 passed, 1 failed", 1],
    "does not wait for a process that a suite left behind" => [{ a: [1, :check, "sleep 30 &"] }, "1 passed, 0 failed", 0]
  }.each do |claim, (suites, last_line, status)|
    it claim do
      output, exited = bin_test(suites)
      expect([output.last, exited]).to eq([last_line, status]), output.join("\n")
    end
  end

  {
    "rspec" => "echo chatter; printf 'Failures:\\n\\n  1) Rain falls up\\n'; echo '1 example, 1 failure'; exit 1",
    "cargo" => "echo chatter; printf 'failures:\\n    rain::falls_up\\n\\ntest result: FAILED. 0 passed; 1 failed; 0 ignored\\n'; exit 101",
    "go" => "echo chatter; printf -- '--- FAIL: RainFallsUp\\n    sky.go:7: falls up\\n'; exit 1",
    "check" => "echo 'the rain falls up'; exit 1"
  }.each do |format, script|
    it "says at the end what failed in a suite that #{format} counts" do
      output, = bin_test({ a: [1, format, script], b: [1, :check, "seq 1000"] })
      told = output.drop_while { |line| line != "== a failed:" }
      expect(told.grep(/falls.up/i)).not_to be_empty, output.join("\n")
      expect(told.grep("chatter")).to be_empty
    end
  end

  it "says at the end how a suite that crashed ended" do
    output, = bin_test({ a: [1, :rspec, "echo 'the sky fell'; kill -SEGV $$"], b: [1, :check, "true"] })
    expect(output.drop_while { |line| line != "== a failed:" }).to include("the sky fell")
  end

  it "runs only the suites it is asked for" do
    output, = bin_test({ a: [1, :check, "true"], b: [1, :check, "false"] }, "a")
    expect(output.last).to eq("1 passed, 0 failed")
  end

  it "fails when it is asked for a suite that is not there" do
    expect(bin_test({ a: [1, :check, "true"] }, "typo").last).to eq(1)
  end

  it "says INCOMPLETE, and exits 3, when a suite needs root and there is none" do
    output, exited = bin_test({ a: [1, :check, "true"], debian13: [1, :check, "true"] }, user: Process.uid.zero? ? 65_534 : nil)
    expect([output.last(2), exited]).to eq([["1 passed, 0 failed", "INCOMPLETE: needs root: debian13"], 3])
  end
end

RSpec.describe ".ci/without-ruby" do
  it "runs a command where calling Ruby fails" do
    ruby = [File.expand_path("../.ci/without-ruby", __dir__), "sh", "-c"]
    expect(Open3.capture2e(*ruby, "echo here").then { |output, status| [output, status.success?] }).to eq(["here\n", true])
    expect(Open3.capture2e(*ruby, "ruby -e 1").last).not_to be_success
  end
end
