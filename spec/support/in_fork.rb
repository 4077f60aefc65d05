# frozen_string_literal: true

# What a forked child makes of a block.
module InFork
  # @return [Object] what the block returned there; the child must be able to dump it
  def in_fork
    reader, writer = IO.pipe
    pid = fork do
      writer.write(Marshal.dump(yield))
    ensure
      exit! # a child of rspec must not go on with the suite
    end
    writer.close
    Marshal.load(reader.read) # rubocop:disable Security/MarshalLoad -- what this process's child wrote
  ensure
    Process.wait(pid)
  end
end
