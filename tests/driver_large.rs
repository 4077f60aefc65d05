//! A large answer whose thread was asked in between whether it is to be interrupted, and went on.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::disallowed_methods, reason = "tests")]

use std::io::{Read, Write};
use std::net::TcpListener;
use std::pin::pin;
use std::sync::mpsc::channel;
use std::thread;
use std::time::Duration;

use gitlab_kube::api::request::Spec;
use gitlab_kube::call::{Event, Step};
use gitlab_kube::client::{Client, Manner, Options};
use gitlab_kube::policy::Settings;
use gitlab_kube::process::Process;

const PART: usize = 256 << 10;

#[test]
fn its_thread_leaves_the_driving_to_another_each_time() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (go, asked) = channel::<()>();
    thread::spawn(move || {
        let (mut io, _) = listener.accept().unwrap();
        let _ = io.read(&mut [0; 4096]).unwrap();
        write!(io, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{{", 3 * PART + 2).unwrap();
        for part in 0..3 {
            io.write_all(&vec![b' '; PART]).unwrap();
            if part < 2 {
                asked.recv().unwrap();
            }
        }
        io.write_all(b"}").unwrap();
    });
    let settings = Settings { local_requests_allowed: true, ..Settings::default() };
    let client = Client::new(Options::new(&url), &settings).unwrap();
    let mut call = client.call(Spec::get("/".into()), &settings, Manner::default());
    let mut call = pin!(client.drive(&mut call, Event::Begin, None));
    let process = Process::current().unwrap();
    for _ in 0..2 {
        process.driver().drive(async {
            tokio::select! {
                _ = &mut call => unreachable!("the answer is not whole"),
                () = moved_by_another() => {}
            }
        });
        go.send(()).unwrap();
    }
    assert!(matches!(process.driver().drive(call), Step::Done(Ok(_))));
}

/// Until the bytes of the process are moved by another thread than this one.
async fn moved_by_another() {
    let here = thread::current().id();
    for _ in 0..1_000 {
        let mover = tokio::spawn(async {
            tokio::time::sleep(Duration::from_millis(1)).await;
            thread::current().id()
        });
        if mover.await.unwrap() != here {
            return;
        }
        tokio::time::sleep(Duration::from_millis(9)).await;
    }
    panic!("this thread still drives");
}
