# frozen_string_literal: true

# The RBS signatures.
desc "Check that sig/ is valid, and knows every public method of lib/"
task(:types) { ruby "rakelib/types.rb" }
