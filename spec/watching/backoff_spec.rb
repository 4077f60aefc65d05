# frozen_string_literal: true

require "gitlab_kube"

RSpec.describe GitlabKube::Backoff do
  let(:longest) { described_class.new(random: -> { 1.0 }) }
  let(:shortest) { described_class.new(random: -> { 0.0 }) }
  let(:busy) { GitlabKube::TooManyRequestsError.new(429, "busy").facts(retry_after: 7) }

  it "doubles from half a second to half a minute" do
    expect(Array.new(8) { longest.failed }).to eq([0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0])
  end

  it "leaves half of a wait to chance" do
    expect(Array.new(8) { shortest.failed }).to eq([0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 15.0])
  end

  it "begins anew once the server has answered" do
    3.times { longest.failed }
    longest.reset
    expect(longest.failed).to eq(0.5)
  end

  it "waits at least as long as the server asks, and longer after many failures" do
    expect(longest.failed(busy)).to eq(7)
    5.times { longest.failed }
    expect(longest.failed(busy)).to eq(30)
  end

  it "does not sleep for as long as a hostile server asks" do
    hostile = GitlabKube::TooManyRequestsError.new(429, "busy").facts(retry_after: (2**64) - 1)
    expect(longest.failed(hostile)).to eq(600)
  end

  it "goes on at once after a first clean end, and not so soon after the next that brought nothing" do
    expect(Array.new(3) { longest.after(nil) }).to eq([0.0, 1.0, 2.0])
    longest.reset
    expect(longest.after(nil)).to eq(0.0)
  end

  {
    GitlabKube::StreamCutError.new(nil, "cut") => true,
    GitlabKube::ConnectionResetError.new => true,
    GitlabKube::ConnectionRefusedError.new => true,
    GitlabKube::HostUnreachableError.new => true,
    GitlabKube::NameResolutionError.new => true,
    GitlabKube::TimeoutError.new(nil, "idle") => true,
    GitlabKube::TooManyRequestsError.new(429, "") => true,
    GitlabKube::ServerError.new(500, "") => true,
    GitlabKube::ServerError.new(504, "") => true,
    GitlabKube::GoneError.new(410, "") => false,
    GitlabKube::UnauthorizedError.new(401, "") => false,
    GitlabKube::ForbiddenError.new(403, "") => false,
    GitlabKube::ResourceNotFoundError.new(404, "") => false,
    GitlabKube::TlsError.new(nil, "certificate verify failed") => false,
    GitlabKube::BlockedAddressError.new => false,
    GitlabKube::LineLengthLimitError.new(nil, "") => false,
    KeyError.new => false
  }.each do |error, passes|
    it "#{passes ? 'waits after' : 'does not wait after'} #{error.class} #{error.error_code if error.respond_to?(:error_code)}" do
      expect(longest.after(error)).to eq(passes ? 0.5 : nil)
    end
  end
end
