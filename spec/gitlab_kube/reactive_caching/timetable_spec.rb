# frozen_string_literal: true

require "gitlab_kube/reactive_caching"

RSpec.describe GitlabKube::ReactiveCaching::Timetable do
  let(:clock) { [1000.0] }
  let(:times) { described_class.new(60, clock: -> { clock.first }) }

  before { times }

  def pass(seconds)
    clock[0] += seconds
  end

  # Computes once, in so many seconds.
  def computed(seconds = 0.01)
    times.began
    pass(seconds)
    times.ended
  end

  it "computes first without any change, and then not while nothing changes" do
    pass(0.06)
    expect(times.due?).to be(true)
    computed
    pass(86_400)
    expect(times.due?).to be(false)
  end

  it "computes once for a burst, a moment after it began, and not a moment after it ended: that may never come" do
    computed
    pass(10)
    due = Array.new(20) do
      times.changed
      pass(0.01)
      times.due?
    end
    expect(due.index(true)).to be_between(3, 6)
  end

  it "computes no more than twice a second" do
    pass(1)
    computed
    times.changed
    pass(0.4)
    expect(times.due?).to be(false)
    pass(0.1)
    expect(times.due?).to be(true)
  end

  it "gives the cluster as long a rest as a computation took" do
    computed(10)
    times.changed
    pass(9.9)
    expect(times.due?).to be(false)
    pass(0.2)
    expect(times.due?).to be(true)
  end

  it "computes again for what changed during a computation" do
    times.began
    times.changed
    times.ended
    pass(1)
    expect(times.due?).to be(true)
  end

  it "tries what failed again after the delay, and no sooner whatever changes" do
    times.began
    times.failed(30)
    pass(29.9)
    times.changed
    expect(times.due?).to be(false)
    pass(0.2)
    expect(times.due?).to be(true)
  end

  it "looks at what is stored once for each interval" do
    expect(times.check?).to be(false)
    pass(60)
    expect([times.check?, times.check?]).to eq([true, false])
    pass(60)
    expect(times.check?).to be(true)
  end

  it "pauses until it is due, a second at most and never no time at all" do
    expect(times.pause).to be_within(0.001).of(0.05)
    computed
    expect(times.pause).to eq(1.0)
    times.failed(30)
    expect(times.pause).to eq(1.0)
    pass(40)
    expect(times.pause).to be > 0
  end
end
