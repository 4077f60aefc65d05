# frozen_string_literal: true

require "gitlab_kube"

# Wherever somebody else's YAML comes in, as text: nothing that Psych stumbles over gets out.
RSpec.describe GitlabKube::PlainYaml do
  bad = {
    "an object" => "--- !ruby/object:MARKER {}\n",
    "an alias" => "a: &MARKER [1]\nb: *MARKER\n",
    "a value that is not of its tag" => "a: !!float MARKER\n",
    "what is no YAML" => "a: [MARKER",
    "bytes that are no UTF-8" => "a: MARKER\xFF\n",
    # Nested so deep Psych alone takes more than a minute.
    "a hundred thousand brackets" => "[" * 100_000,
    # Of as many Psych alone takes many seconds, be they parted by newlines or by another of YAML's line breaks.
    "sixty thousand tag directives" => [*(1..60_000).map { |i| "%TAG !a#{i}! x#{"\n\r"[i % 2]}" }, "--- MARKER\n"].join
  }

  def raised
    yield
    nil
  rescue StandardError => e
    e
  end

  bad.each do |what, text|
    it "refuses #{what}, in our own words" do
      error = raised { described_class.load(text) }
      expect(error).to be_a(described_class::Refused).and be_a(Psych::Exception)
      expect([error.message, error.cause]).to eq([error.message[/\A(is|has) [a-zA-Z ]+\z/], nil])
      expect(error.full_message).not_to include("MARKER")
    end

    it "lets nothing of #{what} out of a kubeconfig, a manifest or a network policy" do
      template = GitlabKube::Kubeconfig::Template.new
      expect(raised { template.merge_yaml(text) }).to be_a(Psych::Exception)
      expect(template.to_h[:clusters]).to eq([])
      error = raised { GitlabKube::KubeClient.new("https://example.com").apply_yaml(text, field_manager: "a") }
      expect(error).to be_a(GitlabKube::InvalidArgumentError)
      expect([error.full_message.include?("MARKER"), error.cause]).to eq([false, nil])
      expect(GitlabKube::NetworkPolicy.from_yaml(text)).to be_nil
    end
  end

  it "reads what is nested as deep as the schema of a custom resource, and options of Psych's" do
    deep = (1..50).map { |level| "#{'  ' * level}a:\n" }.join
    expect(described_class.load("#{deep}#{'  ' * 51}b: 1\n").to_s.count("{")).to eq(51)
    expect(described_class.load("a: 1", symbolize_names: true)).to eq({ a: 1 })
    expect(described_class.load("")).to be_falsy
  end
end
