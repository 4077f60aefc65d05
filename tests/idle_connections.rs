//! What a server does on a kept connection while nobody calls is seen before the next request goes there.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "tests")]

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use bytes::Bytes;
use gitlab_kube::api::request::{Format, Spec};
use gitlab_kube::call::{Event, Step};
use gitlab_kube::client::{Client, Manner, Options, Outcome};
use gitlab_kube::policy::Settings;
use gitlab_kube::process::Process;
use http::Method;

/// A server whose first connection does `mischief` between two calls. Its answers say how many connections there were.
struct Shifty {
    url: String,
    go: Sender<()>,
    done: Receiver<()>,
}

impl Shifty {
    fn start(mischief: fn(&mut TcpStream)) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let ((go, asked), (did, done)) = (channel(), channel());
        thread::spawn(move || {
            let (mut first, _) = listener.accept().unwrap();
            answer(&mut first, 1);
            asked.recv().unwrap();
            mischief(&mut first);
            did.send(()).unwrap();
            let (mut second, _) = listener.accept().unwrap();
            answer(&mut second, 2);
            drop(first);
        });
        Self { url, go, done }
    }

    /// Done before this returns: what is written to a loopback socket is in the other's buffer then.
    fn act(&self) {
        self.go.send(()).unwrap();
        self.done.recv().unwrap();
    }
}

fn answer(io: &mut TcpStream, connections: usize) {
    let mut seen = Vec::new();
    while !seen.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        assert_eq!(io.read(&mut byte).unwrap(), 1, "the client went away");
        seen.push(byte[0]);
    }
    say(io, &format!("{{\"connections\":{connections}}}"));
}

/// In one piece: a client that hears the first of several may have closed the connection before the next.
fn say(io: &mut TcpStream, body: &str) {
    let answer = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    io.write_all(answer.as_bytes()).unwrap();
}

fn call(client: &Client, method: Method) -> Bytes {
    let body = (method == Method::POST).then(|| (Format::Json, Bytes::new()));
    let spec = Spec { method, body, ..Spec::get("/api/v1/pods".into()) };
    let settings = Settings { local_requests_allowed: true, ..Settings::default() };
    let mut call = client.call(spec, &settings, Manner::default());
    match Process::current().unwrap().driver().drive(client.drive(&mut call, Event::Begin, None)) {
        Step::Done(Ok(Outcome::Document(document))) => Bytes::copy_from_slice(document.bytes()),
        other => panic!("{other:?}"),
    }
}

fn between_two_calls(mischief: fn(&mut TcpStream), method: Method) {
    let server = Shifty::start(mischief);
    let settings = Settings { local_requests_allowed: true, ..Settings::default() };
    let client = Client::new(Options::new(&server.url), &settings).unwrap();
    assert_eq!(call(&client, Method::GET), "{\"connections\":1}");
    server.act();
    assert_eq!(call(&client, method), "{\"connections\":2}");
}

#[test]
fn an_answer_that_came_before_its_request_is_not_its_answer() {
    between_two_calls(|io| say(io, "{\"forged\":true}"), Method::GET);
}

#[test]
fn a_connection_that_the_server_has_closed_is_not_used_for_a_write() {
    between_two_calls(|io| io.shutdown(Shutdown::Both).unwrap(), Method::POST);
}
