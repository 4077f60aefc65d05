# frozen_string_literal: true

require "gitlab_kube"
require "logger"
require "stringio"
require_relative "../support/eventually"
require_relative "../support/in_fork"
require_relative "../support/kube_server"
require_relative "../support/watch_script"

RSpec.describe GitlabKube::Informer do
  include Eventually
  include InFork
  include WatchScript

  let(:acts) { [stays(event("ADDED", "b", 12))] }
  let(:lists) { [[10, [object("a", 9)]]] }
  let(:server) { scripted(*acts, lists: lists) }
  let(:informer) { KubeServer.client(server).core_client.informer("pods", namespace: "web") }
  let(:told) { Queue.new }
  let!(:others) { Thread.list } # an informer of an earlier example may not have ended yet

  after do
    informer.stop
    server.stop
  end

  def start
    informer.subscribe { |type, object, former| told << [type, name(object), version(object), former && version(former)] }
    informer.start
  end

  def running?
    (Thread.list - others).any? { |thread| thread.name == "gitlab_kube informer pods" }
  end

  def name(object)
    object.metadata.name
  end

  def version(object)
    object.metadata.resourceVersion
  end

  def take(count)
    Array.new(count) { Timeout.timeout(30) { told.pop } }
  end

  it "knows what there is, and what comes" do
    start
    expect(take(2)).to eq([["ADDED", "a", "9", nil], ["ADDED", "b", "12", nil]])
    expect(informer.map { |pod| name(pod) }).to contain_exactly("a", "b")
    expect(name(informer.get("b", "web"))).to eq("b")
    expect([informer.get("b"), informer.get("c", "web"), informer.size]).to eq([nil, nil, 2])
  end

  it "asks for its namespace and selectors, in pages and from the list's version" do
    informer = KubeServer.client(server).core_client.informer("pods", namespace: "web", label_selector: { app: "x" }).start
    eventually { informer.size == 2 }
    list, watch = server.seen.map(&:path)
    expect(list).to start_with("/api/v1/namespaces/web/pods?").and include("limit=500", "labelSelector=app%3Dx")
    expect(watch).to include("watch=true", "resourceVersion=10", "labelSelector=app%3Dx", "allowWatchBookmarks=true")
  ensure
    informer.stop
  end

  it "is synced once the list is in, and says how long that took too long" do
    expect(informer.wait_until_synced(0.01)).to be(false)
    expect(informer.synced?).to be(false)
    expect(start.wait_until_synced(30)).to be(true)
    expect(informer.synced?).to be(true)
  end

  it "refuses options that it does not have" do
    expect { KubeServer.client(server).core_client.informer("pods", limit: 3) }.to raise_error(GitlabKube::InvalidArgumentError, /limit/)
  end

  it "tells a newcomer what there is before anything else" do
    start
    take(2)
    news = []
    informer.subscribe { |type, object| news << [type, name(object)] }
    expect(news).to contain_exactly(%w[ADDED a], %w[ADDED b])
  end

  context "when the list has two pages" do
    let(:page) { KubeServer.json({ kind: "PodList", metadata: { resourceVersion: "10", continue: "next" }, items: [object("a", 9)] }) }
    let(:lists) { [[page, nil], [10, [object("z", 8)]]] }
    let(:asked) { server.seen.map(&:path).grep_v(/watch=true/) }

    it "knows the objects of both" do
      start
      expect(take(3).map { |change| change[1] }).to eq(%w[a z b])
      expect(asked.map { |path| path[/continue=(\w+)/, 1] }).to eq([nil, "next"])
    end

    it "fetches it in one piece where the second has expired" do
      lists.insert(1, [refuses(410), nil])
      start
      expect(take(2).map { |change| change[1] }).to eq(%w[z b])
      expect(asked.map { |path| path[/limit=(\d+)/, 1] }).to eq(["500", "500", nil])
    end
  end

  context "when events were missed" do
    let(:acts) { [ends(event("ADDED", "b", 12) + event("ADDED", "c", 13) + error(410)), stays(event("DELETED", "c", 31))] }
    let(:lists) do
      [[10, [object("a", 9), object("same", 8)]],
       [30, [object("b", 20), object("c", 13, uid: "another"), object("same", 8), object("new", 21)]]]
    end

    it "lists anew, and tells each missed deletion, each last state and each new object once" do
      start
      take(4)
      expect(take(6)).to contain_exactly(%w[DELETED a 9 9], %w[MODIFIED b 20 12], %w[DELETED c 13 13],
                                         ["ADDED", "c", "13", nil], ["ADDED", "new", "21", nil], %w[DELETED c 31 13])
      expect(informer.map { |pod| name(pod) }).to contain_exactly("b", "same", "new")
      expect(told).to be_empty
    end

    it "unsubscribes" do
      block = informer.subscribe { |*| told << :told }
      informer.unsubscribe(block)
      informer.start
      eventually { informer.get("new", "web") }
      expect(told).to be_empty
    end
  end

  context "with an index" do
    let(:acts) { [stays(event("MODIFIED", "a", 12, uid: "b") + event("DELETED", "a", 13, uid: "b"))] }

    it "finds objects by what the block says of their last state" do
      informer.add_index(:version) { |pod| [version(pod), "any", nil] }
      start
      expect(take(4).map(&:first)).to eq(%w[ADDED DELETED ADDED DELETED])
      expect(informer.by_index(:version, "any")).to eq([])
      expect { informer.by_index(:other, "x") }.to raise_error(KeyError)
    end
  end

  it "covers with a new index what is known already" do
    start
    take(2)
    informer.add_index(:name) { |pod| name(pod) }
    expect(informer.by_index(:name, "a").map { |pod| version(pod) }).to eq(["9"])
    expect(informer.by_index(:name, "z")).to eq([])
  end

  context "when blocks of the application raise" do
    let(:log) { StringIO.new }

    around do |example|
      GitlabKube.config.logger = Logger.new(log)
      example.run
    ensure
      GitlabKube.config.logger = nil
    end

    it "goes on, tells the others, and reports the class but not the words" do
      informer.add_index(:broken) { |_pod| raise KeyError, "s3cret" }
      informer.subscribe { |*| raise ArgumentError, "s3cret" }
      start
      expect(take(2).size).to eq(2)
      expect(log.string).to include("subscriber raised ArgumentError", "index raised KeyError")
      expect(log.string).not_to include("s3cret")
    end
  end

  [401, 403, 500].each do |code|
    context "when the list is answered with #{code}" do
      let(:seen) { Queue.new }
      let(:list) { ends(JSON.generate(kind: "PodList", metadata: { resourceVersion: "10" }, items: [object("a", 9)])) }
      let(:lists) { [[refuses(code), nil], [once(seen, list), nil]] }

      it "says so in last_error, backs off and goes on" do
        start
        eventually { informer.last_error }
        expect(informer.last_error.error_code).to eq(code)
        seen << true
        expect(take(2).map { |change| change[1] }).to eq(%w[a b])
        expect(informer.last_error).to be_nil
      end
    end
  end

  context "when the server's objects have something else than metadata" do
    let(:odd) { { metadata: "MARKER" } }
    let(:acts) { [ends("#{JSON.generate(type: 'ADDED', object: odd)}\n"), stays(event("ADDED", "b", 12))] }
    let(:lists) { [[8, [odd]], [9, []], [10, [object("a", 9)]]] }

    it "says so in last_error without a word of theirs, and goes on" do
      errors = Queue.new
      allow(GitlabKube::Report).to receive(:event) { |*, exception:, **| errors << exception unless others.include?(Thread.current) }
      start
      expect(take(2).map { |change| change[1] }).to eq(%w[a b])
      told = Array.new(errors.size) { errors.pop }
      expect(told.map(&:class).uniq).to eq([GitlabKube::InvalidResponseError])
      expect(told.map(&:full_message).join).not_to include("MARKER")
    end
  end

  context "when nobody listens" do
    it "says so in last_error" do
      server.stop
      informer.start
      eventually { informer.last_error }
      expect(informer.last_error).to be_a(Errno::ECONNREFUSED)
    end
  end

  context "when its credential is refused while it watches" do
    let(:acts) { [ends(event("ADDED", "b", 12)), refuses(401), stays(event("ADDED", "c", 14))] }
    let(:lists) { [[10, [object("a", 9)]], [13, [object("b", 12)]]] }

    it "lists anew" do
      start
      expect(take(4)).to eq([["ADDED", "a", "9", nil], ["ADDED", "b", "12", nil], %w[DELETED a 9 9], ["ADDED", "c", "14", nil]])
    end
  end

  it "does not list anew when the server ends a watch" do
    acts.unshift(ends(event("ADDED", "c", 11)), cuts(""))
    start
    take(3)
    expect(server.seen.map(&:path).grep_v(/watch=true/).size).to eq(1)
  end

  it "stops while it waits for the server, and starts again" do
    start
    take(2)
    informer.stop
    expect(running?).to be(false)
    expect(informer.get("a", "web")).to be_truthy
    informer.start
    expect(running?).to be(true)
  end

  it "lets a subscriber come to its end when it is stopped" do
    entered = Queue.new
    left = Queue.new
    informer.subscribe do |*|
      entered << true
      sleep 0.3
      left << true
    end
    informer.start
    entered.pop
    informer.stop
    expect(left).not_to be_empty
  end

  it "can be stopped by a subscriber" do
    informer.subscribe { |*| informer.stop }
    informer.start
    eventually { !running? }
  end

  # Its thread then waits for the newcomer to be told, and must not be waited for.
  it "can be stopped by a newcomer while there is more to tell" do
    entered = Queue.new
    acts.replace([->(socket) { entered.pop && stays(event("ADDED", "b", 12)).call(socket) }])
    informer.start.wait_until_synced(10)
    newcomer = Thread.new do
      informer.subscribe do |*|
        entered << true
        sleep 0.3
        informer.stop
      end
    end
    expect(newcomer.join(10)).to eq(newcomer)
    eventually { !running? }
  ensure
    newcomer.kill
  end

  it "belongs to the process that started it: a child is told so" do
    start
    take(2)
    told = in_fork do
      informer.stop
      informer.get("a", "web")
    rescue GitlabKube::CancelledError => e
      e.message
    end
    expect(told).to eq("this informer belongs to the parent process")
  end

  it "shows no object when inspected" do
    expect(informer.inspect).to eq("#<GitlabKube::Informer pods>")
  end
end
