# frozen_string_literal: true

# watch_*: events as they come.
module Parity
  event = lambda do |type, name, version|
    "#{JSON.generate(type: type, object: { kind: 'Pod', metadata: { name: name, resourceVersion: version } })}\n"
  end
  three = event.call("ADDED", "a", "1") + event.call("MODIFIED", "a", "2") + event.call("DELETED", "a", "3")
  core = { "GET /api/v1" => serves("pods" => "Pod"), "GET /api/v1/watch/pods" => three, "GET /api/v1/watch/namespaces/place/pods" => three,
           "GET /api/v1/watch/namespaces/place/pods/web" => three }
  told = ->(notices) { notices.map { |notice| [notice.type, notice.object.metadata.name, notice.object.metadata.resourceVersion] } }

  scenario "gives each event to the block, and ends with the server", core do |world|
    notices = []
    returned = world.client.watch_pods { |notice| notices << notice }
    [returned.nil?, told.call(notices)]
  end

  scenario "gives notices that are a Resource", core, differs: "notice" do |world|
    notice = world.client.watch_pods.to_enum.first
    [notice.is_a?(Kubeclient::Resource), notice.object.is_a?(Kubeclient::Resource)]
  end
  scenario("gives notices that can be read by name", core) do |world|
    notice = world.client.watch_pods.to_enum.first
    [notice[:type], notice["object"].kind, notice.dig(:object, :metadata, :name), notice.to_h.keys]
  end

  scenario "returns a stream without a block", core do |world|
    stream = world.client.watch_pods(namespace: "place")
    [stream, told.call(stream.to_enum.to_a)]
  end

  scenario "sends nothing before the stream is read", core do |world|
    world.client.watch_pods(namespace: "place")
    nil
  end

  scenario("watches from a version, by option", core) { |world| told.call(world.client.watch_pods(resource_version: "7").to_enum.to_a) }
  scenario("watches from a version, given alone", core) { |world| told.call(world.client.watch_pods("7").to_enum.to_a) }
  scenario("watches from a version that is a number", core) { |world| told.call(world.client.watch_pods(7).to_enum.to_a) }
  scenario("watches one by name", core) { |world| told.call(world.client.watch_pods(namespace: "place", name: "web").to_enum.to_a) }
  scenario("sends selectors", core) do |world|
    told.call(world.client.watch_pods(label_selector: "a=b", field_selector: "c=d").to_enum.to_a)
  end

  %i[raw parsed parsed_symbolized].each do |format|
    scenario("gives events as #{format}", core) { |world| world.client.watch_pods(as: format).to_enum.to_a }
    scenario("gives events in the client's #{format}", core) { |world| world.client("", "v1", as: format).watch_pods.to_enum.to_a }
  end

  scenario "gives an ERROR event to the block",
           core.merge("GET /api/v1/watch/pods" => %({"type":"ERROR","object":{"kind":"Status","code":410}}\n)) do |world|
    world.client.watch_pods.to_enum.map { |notice| [notice.type, notice.object.code] }
  end

  scenario("a watch that ends at once has no events", core.merge("GET /api/v1/watch/pods" => "")) do |world|
    world.client.watch_pods.to_enum.to_a
  end

  scenario "a stream that is finished ends", core, differs: "finish-at-once" do |world|
    stream = world.client.watch_pods
    seen = []
    stream.each do |notice|
      seen << notice.type
      stream.finish
    end
    seen
  end

  scenario "a stream that has ended is opened anew by another each", core do |world|
    stream = world.client.watch_pods(resource_version: "7")
    Array.new(2) { [].tap { |types| stream.each { |notice| types << notice.type } } }
  end

  scenario "a stream that was left is opened anew by another each", core do |world|
    stream = world.client.watch_pods
    Array.new(2) { stream.to_enum.first.type }
  end

  scenario "a stream that was finished can be read", core, differs: "finish-at-once" do |world|
    stream = world.client.watch_pods
    stream.finish
    stream.to_enum.map(&:type)
  end

  scenario "a break ends the watch", core do |world|
    world.client.watch_pods { |notice| break notice.type }
  end

  scenario "an error of the block comes out", core, raises: "KeyError" do |world|
    world.client.watch_pods { |_notice| raise KeyError }
  end

  { 403 => "Forbidden", 410 => "Gone", 500 => "Internal" }.each_key do |code|
    scenario("a watch refused with #{code} is an error", core.merge("GET /api/v1/watch/pods" => code),
             raises: "Kubeclient::HttpError") do |world|
      world.client.watch_pods { |_notice| nil }
    end
  end
  scenario "a watch of what is not there is not found", core.merge("GET /api/v1/watch/pods" => 404), raises: "Kubeclient::HttpError",
                                                                                                     differs: "watch-errors" do |world|
    world.client.watch_pods { |_notice| nil }
  end

  torn = "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n#{event.call('ADDED', 'a', '1')}{\"type\":\"MOD"
  scenario "a torn last line is an error", core.merge("GET /api/v1/watch/pods" => RecordingServer::Answer.new(raw: torn)),
           differs: "torn-watch", over: :socket do |world|
    world.client.watch_pods.to_enum.map(&:type)
  end

  scenario "a watch of a server that is not there", {}, raises: "StandardError", differs: "watch-errors", over: :socket do |_world|
    HeldPort.open { |port| Kubeclient::Client.new("http://127.0.0.1:#{port}", "v1").watch_entities("pods") { |_notice| nil } }
  end
end
