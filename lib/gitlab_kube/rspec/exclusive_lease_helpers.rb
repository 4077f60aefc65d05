# frozen_string_literal: true

require_relative "../reactive_caching"

module GitlabKube
  module RSpec
    # The leases of reactive caches, under the names GitLab's specs use for its own: one refresh for each key at a time. Their keys are
    # {ReactiveCachingHelpers#reactive_cache_key}'s. A module of its own: GitLab's helpers of these names stub `Gitlab::ExclusiveLease`.
    #
    # @example
    #   include GitlabKube::RSpec::ExclusiveLeaseHelpers
    #
    #   it "computes nothing while another process does" do
    #     stub_exclusive_lease_taken(reactive_cache_key(cluster))
    #     expect(cluster).not_to receive(:calculate_reactive_cache)
    #     cluster.exclusively_update_reactive_cache!
    #   end
    module ExclusiveLeaseHelpers
      # Another holds the lease.
      # @param key [String]
      # @param timeout [Numeric, nil] only leases for so many seconds
      # @return [void]
      # @example
      #   stub_exclusive_lease_taken(reactive_cache_key(cluster), timeout: 120)
      def stub_exclusive_lease_taken(key, timeout: nil)
        stub_exclusive_lease(key, nil, timeout: timeout)
      end

      # The lease can be had, and be given back.
      # @param key [String]
      # @param uuid [Object, nil] its proof; nil for a lease that is taken
      # @param timeout [Numeric, nil]
      # @return [void]
      # @example
      #   stub_exclusive_lease(reactive_cache_key(cluster), "proof")
      def stub_exclusive_lease(key, uuid = "uuid", timeout: nil)
        engine = ReactiveCaching.engine
        allow(engine).to receive(:obtain).with(key, timeout || anything).and_return(uuid)
        allow(engine).to receive(:release).with(key, uuid).and_return(true)
      end

      # Expects somebody to take the lease.
      # @return [void]
      # @example
      #   expect_to_obtain_exclusive_lease(reactive_cache_key(cluster))
      #   cluster.exclusively_update_reactive_cache!
      def expect_to_obtain_exclusive_lease(key, uuid = "uuid", timeout: nil)
        stub_exclusive_lease(key, uuid, timeout: timeout)
        expect(ReactiveCaching.engine).to receive(:obtain).with(key, timeout || anything).and_return(uuid)
      end

      # Expects its holder to give the lease back.
      # @return [void]
      # @example
      #   expect_to_obtain_exclusive_lease(key, "proof")
      #   expect_to_cancel_exclusive_lease(key, "proof")
      #   cluster.exclusively_update_reactive_cache!
      def expect_to_cancel_exclusive_lease(key, uuid)
        expect(ReactiveCaching.engine).to receive(:release).with(key, uuid).and_return(true)
      end
    end
  end
end
