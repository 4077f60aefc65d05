//! Who drives the runtime: a call that waits, or the standby while none does.
#![allow(missing_docs, clippy::unwrap_used, reason = "tests")]

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc;
use std::thread::{self, ThreadId};
use std::time::Duration;

use gitlab_kube::driver::{Driver, step_back};

/// The thread that moves bytes for a task.
async fn mover() -> ThreadId {
    tokio::spawn(async {
        tokio::time::sleep(Duration::from_millis(1)).await;
        thread::current().id()
    })
    .await
    .unwrap()
}

fn me() -> ThreadId {
    thread::current().id()
}

#[test]
fn a_call_moves_its_own_bytes() {
    let driver = Driver::new().unwrap();
    assert_eq!(driver.drive(mover()), me());
    thread::sleep(Duration::from_millis(20)); // the standby has come on
    assert_eq!(driver.drive(mover()), me());
}

#[test]
fn the_standby_moves_the_bytes_of_who_waits_aside() {
    let driver = Driver::new().unwrap();
    assert_ne!(driver.wait(mover()), me());
    driver.drive(mover());
    assert_ne!(driver.wait(mover()), me());
}

#[test]
fn a_call_that_steps_back_goes_on_in_its_thread_while_another_moves_its_bytes() {
    let driver = Driver::new().unwrap();
    let (own, before, after) = driver.drive(async {
        let before = mover().await;
        step_back().await;
        (me(), before, mover().await)
    });
    assert_eq!((own, before), (me(), me()));
    assert_ne!(after, me());
    assert_eq!(driver.drive(mover()), me());
}

#[test]
fn a_call_beside_one_that_waits_aside_does_not_drive() {
    let driver = Driver::new().unwrap();
    let (ready, begun) = mpsc::channel();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    thread::scope(|scope| {
        scope.spawn(|| {
            driver.wait(async move {
                ready.send(()).unwrap();
                ended.await
            })
        });
        begun.recv().unwrap();
        assert_ne!(driver.drive(mover()), me());
        end.send(()).unwrap();
    });
    assert_eq!(driver.drive(mover()), me());
}

#[test]
fn what_is_left_behind_is_done_though_nobody_calls() {
    let driver = Driver::new().unwrap();
    for pause in [1, 50] {
        let (done, seen) = mpsc::channel();
        driver.drive(async move {
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_millis(pause)).await;
                done.send(()).unwrap();
            });
        });
        seen.recv_timeout(Duration::from_secs(10)).unwrap();
    }
}

#[test]
fn the_next_drives_when_the_driver_has_its_answer() {
    let driver = Driver::new().unwrap();
    let (end, ended) = tokio::sync::oneshot::channel::<()>();
    let (ready, begun) = mpsc::channel();
    thread::scope(|scope| {
        let first = scope.spawn(|| {
            driver.drive(async move {
                ready.send(()).unwrap();
                ended.await.unwrap();
            });
        });
        begun.recv().unwrap();
        let second = scope.spawn(|| {
            driver.drive(async move {
                end.send(()).unwrap();
                tokio::time::sleep(Duration::from_millis(20)).await;
                (mover().await, me())
            })
        });
        first.join().unwrap();
        let (moved_by, own) = second.join().unwrap();
        assert_eq!(moved_by, own);
    });
}

#[test]
fn a_panic_leaves_the_seat_to_others() {
    let driver = Driver::new().unwrap();
    for _ in 0..3 {
        let panicked = catch_unwind(AssertUnwindSafe(|| driver.drive(async { panic!("a defect") })));
        assert!(panicked.is_err());
        let panicked = catch_unwind(AssertUnwindSafe(|| driver.wait(async { panic!("a defect") })));
        assert!(panicked.is_err());
    }
    assert_eq!(driver.drive(mover()), me());
    assert_ne!(driver.wait(mover()), me());
}

#[test]
fn many_threads_that_drive_wait_and_step_back_all_come_to_their_end() {
    let driver = Driver::new().unwrap();
    thread::scope(|scope| {
        for n in 0..24_u64 {
            let driver = &driver;
            scope.spawn(move || {
                for round in 0..200_u64 {
                    match (n + round) % 24 {
                        0 => drop(driver.wait(mover())),
                        1 | 2 => driver.drive(async {
                            step_back().await;
                            mover().await;
                        }),
                        3 => thread::sleep(Duration::from_millis(round % 5)),
                        _ => drop(driver.drive(mover())),
                    }
                }
            });
        }
    });
}

#[test]
fn what_is_left_behind_ends_with_its_driver() {
    let driver = Driver::new().unwrap();
    let (held, seen) = mpsc::channel::<()>();
    driver.drive(async move {
        tokio::spawn(async move {
            let _held = held;
            std::future::pending::<()>().await;
        });
    });
    drop(driver);
    assert_eq!(seen.recv_timeout(Duration::from_secs(10)), Err(mpsc::RecvTimeoutError::Disconnected));
}
