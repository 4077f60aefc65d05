# frozen_string_literal: true

require_relative "../../lib/gitlab_kube/default_namespace"
require_relative "../../lib/gitlab_kube/names"

RSpec.describe GitlabKube::DefaultNamespace do
  def namespace(platform: nil, managed: true, per_environment: true, path: "Path-With-Capitals")
    cluster = Struct.new(:platform_kubernetes, :managed, :per_environment) do
      alias_method :managed?, :managed
      alias_method :namespace_per_environment?, :per_environment
    end
    record = cluster.new(Struct.new(:namespace).new(platform), managed, per_environment)
    described_class.new(record, project: Struct.new(:id, :path).new(12, path))
  end

  # platform namespace, managed, per environment, expected
  [
    ["ours", true, true, "ours-production"],
    ["ours", false, true, "ours"],
    ["ours", true, false, "ours"],
    [nil, true, true, "path-with-capitals-12-production"],
    ["", true, false, "path-with-capitals-12"]
  ].each do |platform, managed, per_environment, expected|
    it "is #{expected} for #{[platform, managed, per_environment].inspect}" do
      generator = namespace(platform: platform, managed: managed, per_environment: per_environment)

      expect(generator.from_environment_slug("production")).to eq(expected)
    end
  end

  it "cuts the path so that it fits into a label" do
    expect(namespace(path: "x" * 100).from_environment_slug("production")).to eq("#{'x' * 49}-12-production")
  end

  it "has no character a label cannot have" do
    expect(namespace(path: "__a.b_ç").from_environment_slug("e")).to eq("a-b---12-e")
  end

  it "makes a slug of an environment's name" do
    expect(namespace.from_environment_name("production")).to eq("path-with-capitals-12-production")
  end

  it "is a name Kubernetes takes, and another one, for each of 10 environments of each of 100 projects" do
    random = Random.new(20)
    characters = [*"a".."z", *"A".."Z", *"0".."9", "-", "_", ".", "/", " ", "é"]
    word = ->(longest) { Array.new(random.rand(1..longest)) { characters.sample(random: random) }.join }
    cluster = Struct.new(:platform_kubernetes) do
      def managed? = true
      def namespace_per_environment? = true
    end.new(nil)
    names = Array.new(100) do |id|
      generator = described_class.new(cluster, project: Struct.new(:id, :path).new(id + 1, word.call(100)))
      Array.new(10) { |number| generator.from_environment_name("#{word.call(60)}#{number}") }
    end.flatten

    expect(names.map { |name| GitlabKube::Names.label(name, "a namespace") }.uniq.size).to eq(1000)
  end

  describe GitlabKube::EnvironmentSlug do
    {
      "production" => /\Aproduction\z/, "review/Fix-1" => /\Areview-fix-1-[a-z0-9]{6}\z/, "1" => /\Aenv-1-[a-z0-9]{6}\z/,
      "staging-" => /\Astaging\z/, "a--b" => /\Aa-b-[a-z0-9]{6}\z/, "x" * 30 => /\Ax{17}-[a-z0-9]{6}\z/
    }.each { |name, slug| it("makes #{slug.source} of #{name}") { expect(described_class.new(name).generate).to match(slug) } }

    it "keeps names apart that are cut alike" do
      expect(described_class.new("feature/a").generate).not_to eq(described_class.new("feature-a!").generate)
    end
  end
end
