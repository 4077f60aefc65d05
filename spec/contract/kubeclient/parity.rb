# frozen_string_literal: true

# Runs every scenario over the one client that PARITY names, and prints what came of each as JSON: values, errors, and requests sent.
require_relative "../../support/held_port"
require_relative "../support/implementation"
require_relative "../support/recording_server"
require_relative "outcome"

module Parity
  # One thing a program does with kubeclient. `differs` is an id in docs/kubeclient.md; `raises` says that an error is what we want to see.
  Scenario = Struct.new(:name, :answers, :differs, :raises, :over, :act, keyword_init: true)

  # Where scenarios collect.
  SCENARIOS = [] # rubocop:disable Style/MutableConstant -- filled by the scenario files

  # @param name [String] a claim
  # @param answers [Hash{String => Object}] "GET /path" => a body, a status, or a RecordingServer::Answer
  # @param over [Symbol] :both, or :socket for what WebMock cannot say
  # @yieldparam world [World]
  def self.scenario(name, answers = {}, differs: nil, raises: nil, over: :both, **more, &act)
    SCENARIOS << Scenario.new(name: name, answers: answers.merge(more), differs: differs, raises: raises, over: over, act: act)
  end

  # A discovery document.
  def self.serves(kinds)
    { kind: "APIResourceList", resources: kinds.map { |name, kind| { name: name, kind: kind, namespaced: true }.compact } }
  end
end

require_relative "world"
Dir[File.join(__dir__, "scenarios/*.rb")].each { |file| require file }

if $PROGRAM_NAME == __FILE__
  worlds = { "socket" => Parity::SocketWorld, "webmock" => Parity::WebMockWorld }
  outcomes = worlds.flat_map do |transport, world|
    scenarios = Parity::SCENARIOS.select { |scenario| scenario.over == :both || transport == "socket" }
    scenarios.map do |scenario|
      { scenario: scenario.name, transport: transport, differs: scenario.differs, raises: scenario.raises,
        outcome: world.new.play(scenario) }
    end
  end
  puts JSON.generate(outcomes)
end
