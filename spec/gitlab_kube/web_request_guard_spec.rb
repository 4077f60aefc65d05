# frozen_string_literal: true

require "logger"
require "gitlab_kube/web_request_guard"
require "gitlab_kube/reactive_caching"
require_relative "../support/puma_server"

# A body whose parts are made while they are sent.
class StreamedBody
  def initialize(closed: -> {}, &parts)
    @parts = parts
    @closed = closed
  end

  def each(&block)
    @parts.call(block)
  end

  def close
    @closed.call
  end
end

# The least of a scheduler: it runs each fiber at once, as far as it gets.
class FiberPerRequest
  def fiber(&block)
    Fiber.new(blocking: false, &block).tap(&:resume)
  end

  def block(*); end
  def unblock(*); end
  def kernel_sleep(*); end
  def io_wait(*); end
  def close; end
end

RSpec.describe GitlabKube::WebRequestGuard do
  let(:refused) { "refused" }

  # What a cluster call would meet here.
  def verdict
    described_class.check!.nil? ? "free" : "bound"
  rescue GitlabKube::ClusterCallInWebRequest
    refused
  end

  # The body of the answer that a real Puma gives for the application.
  def answer(**options, &app)
    serve(app, mode: :raise, **options) { |server| server.get("/").body }
  end

  def serve(app, **options)
    server = PumaServer.new(described_class.new(app, **options))
    yield server
  ensure
    server&.close
  end

  def ok(*parts)
    [200, { "content-type" => "text/plain" }, parts]
  end

  describe "inside a request" do
    it "are the controller" do
      expect(answer { ok(verdict) }).to eq("refused")
    end

    it "are a fiber, and a fiber in that fiber" do
      expect(answer { ok(Fiber.new { Fiber.new { verdict }.resume }.resume) }).to eq("refused")
    end

    it "are an Enumerator's body that is run by next" do
      expect(answer { ok(Enumerator.new { |parts| parts << verdict }.next) }).to eq("refused")
    end

    it "are an Enumerator that was begun before the request and goes on in it" do
      parts = Enumerator.new { |yielder| loop { yielder << verdict } }
      expect(parts.next).to eq("free")
      described_class.new(->(_env) { ok(parts.next) }, mode: :raise).call({}).last.tap do |body|
        expect(body.each.to_a).to eq(["refused"])
        body.close
      end
      expect(parts.next).to eq("free")
    end

    it "are the parts of a streamed body, and its close" do
      at_close = nil
      body = StreamedBody.new(closed: -> { at_close = verdict }) { |part| 3.times { part.call("#{verdict} ") } }
      expect(answer { [200, {}, body] }).to eq("refused refused refused ")
      expect(at_close).to eq("refused")
    end

    it "are the parts of an Enumerator that is the body" do
      expect(answer { [200, {}, Enumerator.new { |parts| 2.times { parts << "#{verdict} " } }] }).to eq("refused refused ")
    end

    it "are the threads that ActionController::Live makes, which get their maker's fiber variables" do
      live = lambda do |_env|
        variables = Thread.current.keys.to_h { |key| [key, Thread.current[key]] }
        ok(Thread.new do
          variables.each { |key, value| Thread.current[key] = value }
          verdict
        end.value)
      end
      expect(answer(&live)).to eq("refused")
    end

    if RUBY_VERSION >= "3.2"
      it "are its threads, and theirs" do
        expect(answer { ok(Thread.new { Thread.new { verdict }.value }.value) }).to eq("refused")
      end
    end

    if Gem::Version.new(Puma::Const::VERSION) >= Gem::Version.new("6")
      it "are Rack 3's streaming bodies" do
        body = lambda do |stream|
          stream.write(verdict)
          stream.close
        end
        expect(answer { [200, {}, body] }).to eq("refused")
      end
    end
  end

  describe "outside a request" do
    it "are programs, jobs and consoles" do
      expect(described_class.check!).to be_nil
      expect(described_class.check! { |seconds| [seconds] }).to eq([nil])
    end

    it "is a thread that outlives it" do
      done = Queue.new
      go = Queue.new
      answer do
        Thread.new do
          go.pop
          done << verdict
        end
        ok
      end
      go << true
      expect(done.pop).to eq("free")
    end

    it "is whatever the server's thread does after the body was closed" do
      after = Queue.new
      guarded = described_class.new(->(_env) { ok(verdict) }, mode: :raise)
      outer = lambda do |env|
        status, headers, body = guarded.call(env)
        parts = body.each.to_a
        body.close
        after << verdict
        [status, headers, parts]
      end
      server = PumaServer.new(outer)
      expect(server.get("/").body).to eq("refused")
      expect(after.pop).to eq("free")
    ensure
      server.close
    end

    it "is the same thread after the application raised, or threw" do
      [-> { raise "broken" }, -> { raise NoMemoryError, "not a StandardError" }, -> { throw :async }].each do |ending|
        app = described_class.new(->(_env) { ending.call }, mode: :raise)
        catch(:async) do
          app.call({})
        rescue RuntimeError, NoMemoryError
          nil
        end
        expect(verdict).to eq("free")
      end
    end

    it "is the same thread after a body raised and was closed" do
      body = described_class.new(->(_env) { [200, {}, StreamedBody.new { raise "in the middle" }] }, mode: :raise).call({}).last
      expect { body.each(&:itself) }.to raise_error("in the middle")
      expect(verdict).to eq("refused")
      body.close
      expect(verdict).to eq("free")
    end

    it "is the same thread after a body that does not want to be closed" do
      body = described_class.new(->(_env) { [200, {}, StreamedBody.new(closed: -> { raise "no" }) { nil }] }, mode: :raise).call({}).last
      expect { body.close }.to raise_error("no")
      expect(verdict).to eq("free")
    end

    it "is a connection that was hijacked" do
      app = lambda do |env|
        env["rack.hijack_io"] = :socket
        ok
      end
      described_class.new(app, mode: :raise).call({})
      expect(verdict).to eq("free")
    end

    it "is a thread that says it stays" do
      stays = answer do
        ok(Thread.new do
          described_class.leave
          verdict
        end.value)
      end
      expect(stays).to eq("free")
    end
  end

  it "has two requests at once, each with its own mark" do
    both_in = Queue.new
    first_out = Queue.new
    app = lambda do |env|
      both_in << true
      sleep 0.01 until both_in.size == 2
      first_out.pop if env["PATH_INFO"] == "/second"
      ok(verdict)
    end
    server = PumaServer.new(described_class.new(app, mode: :raise), threads: 2)
    second = Thread.new { server.get("/second").body }
    expect(server.get("/first").body).to eq("refused")
    first_out << true
    expect(second.value).to eq("refused")
  ensure
    server.close
  end

  it "has many requests at once in one thread, where a fiber scheduler runs" do
    app = described_class.new(->(_env) { ok(verdict) }, mode: :raise)
    seen = []
    Thread.new do
      Fiber.set_scheduler(FiberPerRequest.new)
      open = Array.new(2) do
        Fiber.schedule do
          body = app.call({}).last
          seen << verdict
          Fiber.yield
          seen << verdict
          body.close
          seen << verdict
        end
      end
      Fiber.schedule { seen << verdict }
      open.each(&:resume)
    end.join
    expect(seen).to eq(%w[refused refused free refused free refused free])
  end

  it "does not leave an earlier request open that the server forgot to close" do
    app = described_class.new(->(_env) { ok }, mode: :raise)
    app.call({})
    expect(verdict).to eq("refused")
    app.call({}).last.close
    expect(verdict).to eq("free")
  end

  it "marks a request once, however often it is in the stack" do
    inner = described_class.new(->(_env) { ok(verdict) }, mode: :raise)
    expect(answer(mode: :raise) { |env| inner.call(env).tap { |response| response.last.close if response.last.respond_to?(:close) } })
      .to eq("refused")
  end

  describe "the body it wraps" do
    def wrapped(body)
      described_class.new(->(_env) { [200, {}, body] }, mode: :raise).call({}).last
    end

    after { described_class.leave }

    it "answers what the body answers, and no more" do
      expect(wrapped(["a"])).to respond_to(:each, :to_ary, :close)
      expect(wrapped(StreamedBody.new)).not_to respond_to(:to_ary)
      expect(wrapped(StreamedBody.new)).not_to respond_to(:to_path)
      expect(wrapped(Struct.new(:to_path).new("/x")).to_path).to eq("/x")
      expect { wrapped(["a"]).no_such_thing }.to raise_error(NoMethodError)
    end

    it "is closed once" do
      closes = 0
      body = wrapped(StreamedBody.new(closed: -> { closes += 1 }))
      2.times { body.close }
      expect(closes).to eq(1)
    end

    it "ends with its parts when they are taken as an Array" do
      expect(wrapped(%w[a b]).to_ary).to eq(%w[a b])
      expect(verdict).to eq("free")
    end
  end

  describe "modes" do
    let(:log) { StringIO.new }

    before { GitlabKube.config.logger = Logger.new(log) }
    after { GitlabKube.config.logger = nil }

    it "is :raise in development and test, and :bound elsewhere" do
      { "development" => :raise, "test" => :raise, "production" => :bound, "staging" => :bound }.each do |environment, mode|
        stub_const("ENV", { "RACK_ENV" => environment })
        expect(described_class.mode).to eq(mode)
      end
    end

    it "is no other than the three" do
      expect { described_class.mode = :off }.to raise_error(ArgumentError)
      expect { described_class.new(nil, mode: :off) }.to raise_error(ArgumentError)
    end

    it "raises with the line that called" do
      expect(answer(mode: :raise) { ok(message) }).to match(/read a reactive cache.*#{__FILE__}:\d+\z/)
      expect(log.string).to be_empty
    end

    it "reports what it refuses" do
      expect(answer(mode: :refuse) { ok(message) }).to match(/#{__FILE__}:\d+\z/)
      expect(log.string).to match(/refused: #{__FILE__}:\d+/)
    end

    it "gives half a second" do
      expect(answer(mode: :bound) { ok(described_class.check!.to_s) }).to eq("0.5")
    end

    # The budget is one that no machine is too slow for.
    it "bounds and reports, and the budget shrinks by what the calls took, not by what is between them" do
      left, inside, around = nil
      answer(mode: :bound, budget: 600) do
        around = seconds { described_class.check! { inside = seconds { sleep 0.1 } } }
        sleep 0.1
        described_class.check! { |seconds| left = seconds }
        ok
      end
      expect(600 - left).to be_between(inside - 0.001, around + 0.001)
      expect(log.string.scan(/a cluster is called in a web request: #{__FILE__}:\d+/).size).to eq(2)
    end

    it "lets the clock run to the end of the request where a call does not say how long it took" do
      left, slept = nil
      answer(mode: :bound, budget: 600) do
        described_class.check!
        slept = seconds { sleep 0.1 }
        left = described_class.check!
        ok
      end
      expect(600 - left).to be >= slept
    end

    it "refuses when nothing is left, in every thread of the request" do
      spent = answer(mode: :bound) do
        described_class.check! { sleep 0.55 }
        ok(message)
      end
      expect(spent).to match(/used up its 0.5 s/)
    end

    it "has a budget per request" do
      serve(->(_env) { ok((described_class.check! { |seconds| sleep(0.3) && seconds }).round(1).to_s) }, mode: :bound) do |server|
        expect([server.get("/").body, server.get("/").body]).to eq(["0.5", "0.5"])
      end
    end

    it "tells subscribers of ActiveSupport::Notifications" do
      require "active_support"
      require "active_support/notifications"
      seen = []
      subscriber = ActiveSupport::Notifications.subscribe("cluster_call_in_web_request.gitlab_kube") { |*, payload| seen << payload }
      answer(mode: :bound) { ok(verdict) }
      expect(seen).to match([{ call_site: /#{__FILE__}:\d+/, mode: :bound, seconds: a_value_between(0.0, 0.5) }])
    ensure
      ActiveSupport::Notifications.unsubscribe(subscriber)
    end

    it "is passed by allow_cluster_calls, which is logged, and by nothing after it" do
      app = lambda do |_env|
        allowed = described_class.allow_cluster_calls { [verdict, Fiber.new { verdict }.resume, Thread.new { verdict }.value] }
        ok([*allowed, verdict].join(" "))
      end
      expect(answer(mode: :raise, &app)).to eq("free free free refused")
      expect(log.string).to match(/cluster calls are allowed in a web request: #{__FILE__}:\d+/)
    end

    it "is not passed any more once allow_cluster_calls has raised" do
      app = lambda do |_env|
        described_class.allow_cluster_calls { raise "in it" }
      rescue RuntimeError
        ok(verdict)
      end
      expect(answer(mode: :raise, &app)).to eq("refused")
    end

    def seconds
      started = Process.clock_gettime(Process::CLOCK_MONOTONIC)
      yield
      Process.clock_gettime(Process::CLOCK_MONOTONIC) - started
    end

    def message
      described_class.check!
    rescue GitlabKube::ClusterCallInWebRequest => e
      e.message
    end
  end

  it "lets a request read a reactive cache, and what it started compute outside" do
    thing = Class.new do
      include GitlabKube::ReactiveCaching
      self.reactive_cache_work_type = :external_dependency
      define_method(:id) { 1 }
    end
    stub_const("GuardedThing", thing)
    guard = self
    thing.define_method(:calculate_reactive_cache) { guard.verdict }
    thing.reactive_cache_worker_finder = ->(*) { thing.new }
    GitlabKube::ReactiveCaching.engine = :embedded
    serve(->(_env) { ok(GuardedThing.new.with_reactive_cache || "nothing yet") }, mode: :raise) do |server|
      expect(server.get("/").body).to eq("nothing yet")
      sleep 0.01 until GuardedThing.new.with_reactive_cache
      expect(server.get("/").body).to eq("free")
    end
  ensure
    GitlabKube::ReactiveCaching.engine = nil
  end
end
