# frozen_string_literal: true

# Tokens for Amazon's EKS: a request to its token service, signed but not sent. Needs the aws-sigv4 gem.
module Kubeclient
  # @see https://docs.aws.amazon.com/eks/latest/userguide/cluster-auth.html
  class AmazonEksCredentials
    # The aws-sigv4 gem is not there.
    class AmazonEksDependencyError < LoadError; end

    # How long Amazon takes the token for.
    SECONDS = 60

    class << self
      # @param credentials [Aws::Credentials]
      # @param eks_cluster [String] its name
      # @param region [String]
      # @return [String] a bearer token
      # @raise [AmazonEksDependencyError]
      # @example
      #   Kubeclient::AmazonEksCredentials.token(credentials, "production", region: "eu-west-1")
      def token(credentials, eks_cluster, region: "us-east-1")
        require_sigv4
        signer = Aws::Sigv4::Signer.new(service: "sts", region: region, credentials: credentials)
        url = signer.presign_url(
          http_method: "GET", url: "https://#{host(region)}/?Action=GetCallerIdentity&Version=2011-06-15",
          body: "", credentials: credentials, expires_in: SECONDS, headers: { "X-K8s-Aws-Id" => eks_cluster }
        )
        "k8s-aws-v1.#{[url.to_s].pack('m0').tr('+/', '-_').delete('=')}"
      end

      private

      # The oldest region keeps the name the service had before there were regions.
      def host(region)
        region == "us-east-1" ? "sts.amazonaws.com" : "sts.#{region}.amazonaws.com"
      end

      def require_sigv4
        require "aws-sigv4"
      rescue LoadError
        raise AmazonEksDependencyError, "tokens for EKS need the aws-sigv4 gem: add it to the application", cause: nil
      end
    end
  end
end
