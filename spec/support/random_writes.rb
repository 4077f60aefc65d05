# frozen_string_literal: true

# Creates, changes and deletes config maps at random: the same ones for the same seed.
class RandomWrites
  NAMES = 60

  # How many writes there were.
  attr_reader :count

  def initialize(client, namespace, random: Random.new(RSpec.configuration.seed))
    @client = client
    @namespace = namespace
    @random = random
    @there = {}
    @count = 0
  end

  # @return [Array(String, String)] the name, and the version it has now; nil for one that was deleted
  def write
    name = "random-#{@random.rand(NAMES)}"
    @count += 1
    return [name, delete(name)] if @there[name] && @random.rand(3).zero?

    verb = @there[name] ? :update_config_map : :create_config_map
    @there[name] = true
    [name, @client.public_send(verb, config_map(name)).metadata.resourceVersion]
  end

  private

  def delete(name)
    @client.delete_config_map(name, @namespace)
    @there.delete(name)
    nil
  end

  def config_map(name)
    { metadata: { name: name, namespace: @namespace }, data: { count: @count.to_s } }
  end
end
