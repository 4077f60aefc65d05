# frozen_string_literal: true

require_relative "../../lib/gitlab_kube/names"

RSpec.describe GitlabKube::Names do
  def accepts?(rule, value)
    described_class.public_send(rule, value, *(%w[it] unless %i[labels annotations].include?(rule)))
    true
  rescue GitlabKube::InvalidArgumentError
    false
  end

  {
    label: [["a", "0", "a-b", "a" * 63], ["", "A", "a.b", "-a", "a-", "a" * 64, "a\n", nil, 1]],
    subdomain: [["a.b", "a-1.b-2", "a" * 253], [".a", "a.", "a..b", "a_b", "a" * 254, "a/b"]],
    path_segment: [["system:node", "A b", "..."], ["", ".", "..", "a/b", "a%2fb", nil]],
    data_key: [["ca.pem", "_", :sym, "A" * 253], ["", ".", "..", "..a", "a b", "a/b", "a" * 254]],
    labels: [
      [nil, {}, { app: nil }, { "app.gitlab.com/app" => "a-B_c.d" }, { a: "" }, { "A.b-c_d" => "1" }],
      [{ "" => "a" }, { "/a" => "b" }, { "a/" => "b" }, { "A/b" => "c" }, { "a/b/c" => "d" }, { "a" * 64 => "b" }, { a: "b" * 64 },
       { a: "b-" }]
    ],
    annotations: [[nil, { "Upper.Example.com/Name" => "anything at all" }], [{ "a b" => "" }]]
  }.each do |rule, (good, bad)|
    good.each { |value| it("takes #{value.inspect[0, 40]} for #{rule}") { expect(accepts?(rule, value)).to be(true) } }
    bad.each do |value|
      it("refuses #{value.inspect[0, 40]} for #{rule}", unchecked: [nil, 1].include?(value)) { expect(accepts?(rule, value)).to be(false) }
    end
  end
end
