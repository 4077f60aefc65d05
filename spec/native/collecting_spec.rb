# frozen_string_literal: true

require "gitlab_kube"
require "rbconfig"

# Large values are built while the garbage collector is off (ext/gitlab_kube/src/undisturbed.rs).
RSpec.describe "Collecting garbage" do
  let(:pod) { { metadata: { name: "a", labels: { "app" => "web" } }, spec: { containers: [{ name: "one" }, { name: "two" }] } } }

  def document(*items)
    GitlabKube::Native::Document.parse(JSON.generate({ kind: "PodList", items: items }))
  end

  # How often, where every allocation is a reason to.
  def collections_under_stress
    GC.stress = true
    before = GC.count
    yield
    GC.count - before
  ensure
    GC.stress = false
  end

  # Asking is changing, so it is changed back.
  def collecting?
    GC.disable.tap { |was_off| was_off || GC.enable } == false
  end

  # What the block gives, with the collector as `on` says; afterwards it is on.
  def switched(on)
    on ? GC.enable : GC.disable
    yield
  ensure
    GC.enable
  end

  let(:large) { document(*[pod] * 3_000) }
  let(:ways) do
    { "value" => -> { large.value(false) }, "values" => -> { large.values(0) }, "node" => -> { large.root.value(true) } }
  end

  it "happens before a large value is built, not meanwhile: all of it is alive" do
    large # made before
    ways.each { |name, way| expect([name, collections_under_stress { way.call }]).to match([name, 1..1_000]) }
  end

  it "happens while a small one is built, so that a run under stress sees every allocation" do
    small = document(*[pod] * 5)
    expect(collections_under_stress { small.value(false) }).to be > 50
  end

  it "happens again after a large value, unless the caller had switched it off" do
    [true, false].each do |on|
      ways.each { |name, way| expect([name, switched(on) { way.call && collecting? }]).to eq([name, on]) }
    end
  end

  # `Kernel.Integer` makes what no machine word holds, and is the one thing of Ruby's that a program can get in between.
  it "happens again after an exception in the middle" do
    bad = document(*[pod] * 3_000, 2**70)
    seen = nil
    allow(Kernel).to receive(:Integer) { (seen = collecting?) || raise(IOError) }
    expect { bad.value(false) }.to raise_error(IOError)
    expect([seen, collecting?]).to eq([false, true])
  end

  it "happens again after memory ran out in the middle" do
    script = <<~'RUBY'
      document = GitlabKube::Native::Document.parse(%([#{(['"' + "a" * 4_000_000 + '"'] * 12).join(",")}]))
      GC.start
      Process.setrlimit(:AS, File.read("/proc/self/statm").to_i * 4096 + (30 << 20), Process::RLIM_INFINITY)
      begin
        document.value(false)
      rescue NoMemoryError
        Process.setrlimit(:AS, Process::RLIM_INFINITY)
        p [GC.enable, document.value(false).size]
      end
    RUBY
    command = [RbConfig.ruby, "-I#{File.expand_path('../../lib', __dir__)}", "-rgitlab_kube", "-e", script]
    expect(IO.popen(command, err: %i[child out], &:read)).to eq("[false, 12]\n")
  end

  it "is on after threads that built at once, each of which has its value" do
    expected = JSON.parse(large.json).fetch("items")
    built = Array.new(4) { Thread.new { GitlabKube::ResourceList.from_source(large).as_json } }.map(&:value)
    expect([built.uniq.size, built.first == expected, collecting?]).to eq([1, true, true])
  end

  # Nothing else is allocated in these loops, and nested Arrays have no memory outside of Ruby's own heap.
  it "frees what was built before, once nobody has it" do
    nested = GitlabKube::Native::Document.parse(JSON.generate([[[[1]]]] * 100_000))
    { **ways.invert.transform_values { 80 }, -> { nested.value(false) } => 40 }.each do |way, times|
      GC.start # what was left by others, and would count
      before, made = %i[heap_live_slots total_allocated_objects].map { |name| GC.stat(name) }
      most = Array.new(times) { way.call && GC.stat(:heap_live_slots) }.max
      expect(most - before).to be < (GC.stat(:total_allocated_objects) - made) / 2
    end
  end
end
