# frozen_string_literal: true

require "gitlab_kube"
require "timeout"
require_relative "../support/eventually"
require_relative "../support/kube_server"
require_relative "../support/watch_script"

# An informer that asks a watch what there is, in place of a list.
RSpec.describe GitlabKube::Informer::InitialEvents do
  include Eventually
  include WatchScript

  let(:server) { scripted(*acts) }
  let(:informer) { KubeServer.client(server).core_client.informer("pods", namespace: "web", send_initial_events: true) }
  let(:told) { Queue.new }
  let(:paths) { server.seen.map(&:path).grep_v("/api/v1") }
  let(:beginning) { event("ADDED", "a", 9) + event("ADDED", "b", 7) }

  after do
    informer.stop
    server.stop
  end

  def start
    informer.subscribe { |type, object, _former| told << [type, object.metadata.name, object.metadata.resourceVersion] }
    informer.start
  end

  def take(count)
    Array.new(count) { Timeout.timeout(30) { told.pop } }
  end

  def end_mark(version)
    bookmark = { kind: "Pod", metadata: { resourceVersion: version.to_s, annotations: { "k8s.io/initial-events-end": "true" } } }
    "#{JSON.generate(type: 'BOOKMARK', object: bookmark)}\n"
  end

  context "when the server knows how" do
    let(:acts) { [stays(beginning + end_mark(10) + event("DELETED", "b", 11))] }

    it "is told what there is, and what comes after, in one request" do
      start
      expect(take(3)).to eq([%w[ADDED a 9], %w[ADDED b 7], %w[DELETED b 11]])
      expect(informer.map { |pod| pod.metadata.name }).to eq(%w[a])
      expect(paths.size).to eq(1)
      expect(paths.first).to include("sendInitialEvents=true", "resourceVersionMatch=NotOlderThan", "allowWatchBookmarks=true")
      expect(paths.first).not_to include("resourceVersion=")
    end
  end

  context "when the connection is cut before the end of the beginning" do
    let(:acts) { [cuts(beginning), stays(event("ADDED", "a", 9) + end_mark(12))] }

    it "tells nobody of a half, and begins anew" do
      start
      expect(take(1)).to eq([%w[ADDED a 9]])
      expect(informer.wait_until_synced(30)).to be(true)
      expect(informer.size).to eq(1)
      expect(told).to be_empty
    end
  end

  context "when an ordinary bookmark comes between, and an object changes and another goes" do
    let(:acts) do
      [stays(beginning + event("BOOKMARK", "", 8) + event("MODIFIED", "a", 12) + event("DELETED", "b", 13) + end_mark(13))]
    end

    it "is told the last state of each once" do
      start
      expect(take(1)).to eq([%w[ADDED a 12]])
      expect(informer.size).to eq(1)
    end
  end

  context "when it is cut later" do
    let(:acts) { [cuts(beginning + end_mark(10)), stays(event("MODIFIED", "a", 12))] }

    it "goes on from the end of the beginning" do
      start
      expect(take(3).last).to eq(%w[MODIFIED a 12])
      expect(paths.last).to include("resourceVersion=10")
      expect(paths.last).not_to include("sendInitialEvents")
    end
  end

  context "when what came since is lost" do
    let(:acts) { [ends(beginning + end_mark(10) + error(410)), stays(event("ADDED", "b", 20) + end_mark(21))] }

    it "begins anew, and tells what was missed" do
      start
      expect(take(4).drop(2)).to eq([%w[DELETED a 9], %w[MODIFIED b 20]])
    end
  end

  context "when the server does not know how" do
    let(:acts) { [refuses(422), stays(event("ADDED", "c", 11))] }

    it "lists" do
      start
      expect(take(2)).to eq([%w[ADDED listed 9], %w[ADDED c 11]])
      expect(paths.grep_v(/watch=true/).size).to eq(1)
    end
  end

  context "when the server refuses for another reason" do
    let(:seen) { Queue.new }
    let(:acts) { [refuses(403), once(seen, ends(error(500))), stays(beginning + end_mark(10))] }

    it "says so in last_error, backs off and asks again" do
      start
      eventually { informer.last_error }
      expect(informer.last_error.error_code).to eq(403)
      seen << true
      expect(take(2)).to eq([%w[ADDED a 9], %w[ADDED b 7]])
      eventually { informer.last_error.nil? }
    end
  end

  context "when a bookmark has something else than metadata" do
    let(:odd) { %({"type":"BOOKMARK","object":{"metadata":"MARKER"}}\n) }
    let(:acts) { [stays([odd, beginning, end_mark(10)].join)] }

    it "passes it over" do
      start
      expect(take(2)).to eq([%w[ADDED a 9], %w[ADDED b 7]])
    end
  end
end
