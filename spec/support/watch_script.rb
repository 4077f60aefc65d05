# frozen_string_literal: true

require "json"
require_relative "kube_server"

# A server whose watches go as the spec has written: the first opening gets the first act, and so on; the last act repeats.
module WatchScript
  HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n"

  # @param acts [Array<Proc, Array>]
  # @param lists [Array] what each list has; the last one repeats
  def scripted(*acts, lists: [[10, [listed]]])
    KubeServer.start do |request|
      if request.path.include?("watch=true") then acts.size > 1 ? acts.shift : acts.first
      else
        version, items = lists.size > 1 ? lists.shift : lists.first
        version.is_a?(Integer) ? KubeServer.json({ kind: "PodList", metadata: { resourceVersion: version.to_s }, items: items }) : version
      end
    end
  end

  def listed
    object("listed", 9)
  end

  def object(name, version, uid: name)
    { "metadata" => { "name" => name, "namespace" => "web", "uid" => uid, "resourceVersion" => version.to_s }.compact }
  end

  def event(type, name, version, **options)
    "#{JSON.generate(type: type, object: object(name, version, **options))}\n"
  end

  def error(code)
    "#{JSON.generate(type: 'ERROR', object: { kind: 'Status', code: code })}\n"
  end

  def refuses(code, headers = {})
    [code, headers, JSON.generate(kind: "Status", code: code)]
  end

  # An act that waits for the spec to have seen what it would end.
  # @param seen [Queue]
  def once(seen, act)
    ->(socket) { seen.pop && act.call(socket) }
  end

  # The server ends its answer as it should.
  def ends(text)
    ->(socket) { socket.write("#{HEAD}#{chunk(text)}0\r\n\r\n") }
  end

  # The answer breaks off.
  def cuts(text)
    lambda do |socket|
      socket.write("#{HEAD}#{chunk(text)}")
      socket.close
    end
  end

  # The same, with a reset instead of an end.
  def resets(text)
    lambda do |socket|
      socket.write("#{HEAD}#{chunk(text)}")
      sleep 0.2 # what was written is read before the reset throws it away
      socket.setsockopt(Socket::SOL_SOCKET, Socket::SO_LINGER, [1, 0].pack("ii"))
      socket.close
    end
  end

  # The connection stays, and nothing more comes.
  def stays(text)
    lambda do |socket|
      socket.write("#{HEAD}#{chunk(text)}")
      socket.read
    end
  end

  def chunk(text)
    "#{text.bytesize.to_s(16)}\r\n#{text}\r\n"
  end
end
