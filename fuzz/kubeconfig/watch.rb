# frozen_string_literal: true

# Sees a file opened, a program started or a socket made from Ruby, whoever rescues the error; and bounds the memory.
module Watch
  OPENING = %i[open new initialize read binread readlines foreach write binwrite popen sysopen pipe children each_child entries glob].freeze
  STARTING = %i[spawn fork system exec ` open].freeze

  module_function

  # @return what the block returns
  # @raise [RuntimeError] for what it did
  def over(&block)
    seen = nil
    trace = TracePoint.new(:c_call) { |call| seen ||= "#{call.defined_class}##{call.method_id}" if opens?(call) }
    result = trace.enable(&block)
    raise "called #{seen}" if seen

    result
  end

  def opens?(call)
    owner = call.self
    return STARTING.include?(call.method_id) if owner.equal?(Process) || call.defined_class == Kernel

    OPENING.include?(call.method_id) && (owner.is_a?(IO) || (owner.is_a?(Class) && (owner <= IO || owner <= Dir)))
  end

  # From now on the process gets this much more, and no core dump.
  def limit(megabytes:)
    now = File.read("/proc/self/statm").to_i * 4096
    Process.setrlimit(Process::RLIMIT_AS, now + (megabytes << 20))
    Process.setrlimit(Process::RLIMIT_CORE, 0)
  end
end
