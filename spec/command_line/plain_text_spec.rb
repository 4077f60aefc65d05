# frozen_string_literal: true

require_relative "../../lib/gitlab_kube/command_line"

# A terminal is told nothing by a pod.
RSpec.describe GitlabKube::CommandLine::PlainText do
  {
    "keeps words, tabs and other scripts" => ["naïve\t日本 👍", "naïve\t日本 👍"],
    "removes colours" => ["\e[1;31mred\e[0m", "red"],
    "removes what clears the screen" => ["a\e[2J\e[Hb", "ab"],
    "removes a title, ended either way" => ["\e]0;evil\aa\e]0;evil\e\\b", "ab"],
    "removes what sets the clipboard, though it never ends" => ["a\e]52;c;ZXZpbA==", "a"],
    "removes device control strings" => ["a\eP$q\"p\e\\b", "ab"],
    "removes short escapes" => ["\ec\e(Ba\e7", "a"],
    "removes an escape cut at the end of a line" => ["a\e", "a"],
    "removes half of a control sequence" => ["a\e[3", "a3"],
    "removes 8-bit control sequences" => ["a\u009b31mb", "ab"],
    "removes 8-bit bytes that are no UTF-8" => ["a\x9b31mb".b, "a\uFFFD31mb"],
    "removes what writes over the line" => ["secret\rok\b\b", "secretok"],
    "removes bells and nulls" => ["a\a\0\x7f", "a"],
    "removes what turns the text around" => ["a\u202eb", "ab"]
  }.each do |claim, (given, shown)|
    it claim do
      expect(described_class.of(given)).to eq(shown)
    end
  end
end
