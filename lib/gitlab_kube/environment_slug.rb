# frozen_string_literal: true

# The short name of an environment that fits into a host name, as GitLab makes it.

require "digest"

module GitlabKube
  # @example
  #   GitlabKube::EnvironmentSlug.new("review/Fix-1").generate # => "review-fix-1-" and six characters of the name's digest
  class EnvironmentSlug
    # OpenShift allows no more.
    MAX_LENGTH = 24
    # Characters of the digest at its end.
    DIGEST_LENGTH = 6

    # @param name [String]
    def initialize(name)
      @name = name.to_s
    end

    # @return [String]
    def generate
      slug = @name.downcase.gsub(/[^a-z0-9]/, "-")
      slug = "env-#{slug}" unless slug.match?(/\A[a-z]/)
      slug = slug.squeeze("-")
      slug == @name && slug.length <= MAX_LENGTH ? slug.delete_suffix("-") : with_digest(slug)
    end

    private

    # Different names that would be cut to the same slug stay different.
    def with_digest(slug)
      "#{slug[0, MAX_LENGTH - DIGEST_LENGTH - 1].delete_suffix('-')}-#{Digest::SHA2.hexdigest(@name).to_i(16).to_s(36)[-DIGEST_LENGTH..]}"
    end
  end
end
