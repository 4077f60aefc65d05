# frozen_string_literal: true

require "gitlab_kube"

RSpec.describe GitlabKube::Waiting do
  it "takes a status that is none for one without the condition" do
    ["MARKER", { conditions: "MARKER" }, { conditions: ["MARKER"] }, { conditions: { type: "Ready" } }].each do |status|
      expect(described_class.condition?(GitlabKube::Resource.new(status: status), "Ready")).to be(false), status.inspect
    end
  end
end
