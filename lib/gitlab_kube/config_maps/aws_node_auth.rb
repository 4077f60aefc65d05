# frozen_string_literal: true

# The ConfigMap that lets the nodes of an EKS cluster join it.

require "yaml"
require_relative "../manifest"

module GitlabKube
  # ConfigMaps that a cloud expects.
  module ConfigMaps
    # @example
    #   GitlabKube::ConfigMaps::AwsNodeAuth.new("arn:aws:iam::123456789012:role/nodes").generate
    class AwsNodeAuth
      include Manifest

      # @return [String]
      attr_reader :node_role_arn

      # @param node_role_arn [String]
      def initialize(node_role_arn)
        @node_role_arn = node_role_arn
      end

      # @return [Resource]
      def generate
        Resource.new("metadata" => { "name" => "aws-auth", "namespace" => "kube-system" }, "data" => { "mapRoles" => map_roles })
      end

      private

      def map_roles
        YAML.dump([{
                    "rolearn" => node_role_arn,
                    "username" => "system:node:{{EC2PrivateDNSName}}",
                    "groups" => %w[system:bootstrappers system:nodes]
                  }])
      end

      def check
        return if node_role_arn.to_s.match?(%r{\Aarn:[\w-]+:iam::\d+:role/\S+\z})

        raise InvalidArgumentError, "node_role_arn is not the ARN of an IAM role"
      end
    end
  end
end
