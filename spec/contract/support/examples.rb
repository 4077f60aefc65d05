# frozen_string_literal: true

# The rules that examples run over both clients have: rspec is started without the project's options for them.
RSpec.configure do |config|
  config.disable_monkey_patching!
  config.order = :random
  config.fail_if_no_examples = true
end
