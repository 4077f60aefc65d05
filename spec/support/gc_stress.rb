# frozen_string_literal: true

require "gitlab_kube"

# `rake spec:stress`: makes the garbage collector do its worst, so that a Ruby value Rust forgot to mark, or keeps by an address, is found.
#
# Inside a native method that does not wait, every allocation collects and compacts. A method that waits releases the GVL, and the spec's
# servers would stress too, for minutes: it is left alone.
module GCStress
  WAITING = %i[Call Body Stream].freeze

  # Goes in front of a native class.
  module Everywhere
    def self.of(native)
      Module.new do
        native.instance_methods(false).each do |name|
          define_method(name) { |*arguments, &block| GCStress.stress { super(*arguments, &block) } }
        end
      end
    end
  end

  module_function

  def start
    GC.auto_compact = true
    native = GitlabKube::Native.constants - WAITING
    native.map { |name| GitlabKube::Native.const_get(name) }.grep(Class).each { |type| type.prepend(Everywhere.of(type)) }
  end

  def stress
    GC.stress = true
    yield
  ensure
    GC.stress = false
  end
end
