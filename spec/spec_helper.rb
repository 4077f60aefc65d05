# frozen_string_literal: true

# The rules every spec runs under: random order, warnings on, and no examples is a failure.
$LOAD_PATH.unshift File.expand_path("../lib", __dir__)

require_relative "support/watchdog"

Warning[:deprecated] = true

# A warning from our own files fails; those of the gems around us are theirs to mend.
module OurWarnings
  ROOT = File.expand_path("..", __dir__)

  def warn(message, category: nil)
    return if category && !Warning[category]

    raise "warning: #{message}" if message.start_with?(ROOT)
  end
end
Warning.extend(OurWarnings)

RSpec.configure do |config|
  config.warnings = true
  config.order = :random
  Kernel.srand config.seed
  config.disable_monkey_patching!
  config.raise_errors_for_deprecations!
  config.raise_on_warning = true
  config.fail_if_no_examples = true
  config.expect_with(:rspec) { |expectations| expectations.syntax = :expect }
  config.mock_with(:rspec) { |mocks| mocks.verify_partial_doubles = true }

  config.around { |example| Watchdog.watch(example) { example.run } }

  if ENV["GC_STRESS"]
    require_relative "support/gc_stress"
    config.before(:suite) { GCStress.start }
  end
end
