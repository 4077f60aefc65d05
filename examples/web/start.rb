# frozen_string_literal: true

# The page of a cluster's pods and deployments until Ctrl-C: Redis, Sidekiq and Puma, or with --embedded Puma alone.
# KUBECONFIG=… ruby -Ilib examples/web/start.rb [--embedded] [--until-eof]
require_relative "../support/stack"

# Prints the page's address.
module WebExample
  module_function

  def run(arguments)
    stack = Stack.new
    begin
      puts start(stack, embedded: arguments.include?("--embedded"))
      $stdout.flush
      arguments.include?("--until-eof") ? $stdin.read : sleep
    rescue Interrupt
      nil
    ensure
      stack.stop
    end
  end

  # @return [String] the page's URL
  def start(stack, embedded: false)
    unless embedded
      stack.redis
      stack.sidekiq("#{__dir__}/cluster_state.rb")
    end
    stack.puma("#{__dir__}/config.ru", **(ENV["PORT"] ? { port: Integer(ENV.fetch("PORT")) } : {}))
  end
end

WebExample.run(ARGV) if $PROGRAM_NAME == __FILE__
