//! Waiting without the GVL, and telling the GC about memory: the one file with `unsafe`.
//!
//! Every wait of the gem goes through [`wait`]. It can be interrupted (`Thread#kill`, `Timeout`, a signal whose handler raises),
//! it catches panics, and it drops the work only when an exception is really raised: a trapped signal does not cancel a call.
#![allow(unsafe_code, reason = "the only file that calls Ruby's C functions directly")]

use std::any::Any;
use std::ffi::c_void;
use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use client::process::Process;
use magnus::{Error, Ruby, rb_sys::protect};
use tokio::sync::Notify;

use crate::errors;

/// How long a signal may wait for the main thread to look.
const LOOK: Duration = Duration::from_millis(20);

type Caught<T> = Result<T, Box<dyn Any + Send>>;

/// A future that is being waited for. It stays where it is across wake-ups.
struct Waiting<'a, F: Future> {
    process: Arc<Process>,
    drives: bool,
    future: Pin<&'a mut F>,
    interrupted: &'a Notify,
    looks: bool,
    outcome: Option<Caught<F::Output>>,
}

/// Runs `future` on the calling thread, without the GVL, until it is done or an exception is raised in this thread.
pub fn wait<F>(ruby: &Ruby, future: F) -> Result<F::Output, Error>
where
    F: Future + Send,
    F::Output: Send,
{
    block_on(ruby, future, false)
}

/// The same for a whole call, whose thread moves the bytes meanwhile (`client::driver`).
pub fn drive<F>(ruby: &Ruby, future: F) -> Result<F::Output, Error>
where
    F: Future + Send,
    F::Output: Send,
{
    block_on(ruby, future, true)
}

fn block_on<F: Future>(ruby: &Ruby, future: F, drives: bool) -> Result<F::Output, Error> {
    let process = Process::current().map_err(|error| errors::exception(ruby, &error))?;
    let (future, interrupted) = (pin!(future), Notify::new());
    let looks = is_main_thread(ruby);
    let mut waiting = Waiting { process, drives, future, interrupted: &interrupted, looks, outcome: None };
    ruby.thread_check_ints()?; // what `Thread.handle_interrupt` has put off until something blocks: nobody will call `wake` for it
    loop {
        release(&mut waiting)?;
        match waiting.outcome.take() {
            Some(Ok(output)) => return Ok(output),
            Some(Err(_)) => return Err(errors::panicked(ruby)),
            None => ruby.thread_check_ints()?, // raises here, or there was nothing to raise: go on waiting
        }
    }
}

/// Signals are the main thread's to handle, and some thread that waits in Ruby itself has to wake it. When every thread is in a call
/// there is none (thread_pthread.c: nobody reads `signal_self_pipe`, and `ubf_async_safe` is for a lone thread): Ctrl-C would be heard
/// when the server answers. So the main thread looks for itself.
fn is_main_thread(_with_gvl: &Ruby) -> bool {
    // SAFETY: called with the GVL; both return a Thread that Ruby keeps, and nothing is done with it but to compare.
    unsafe { rb_sys::rb_thread_main() == rb_sys::rb_thread_current() }
}

fn release<F: Future>(waiting: &mut Waiting<'_, F>) -> Result<(), Error> {
    let interrupted: *const Notify = waiting.interrupted;
    let data: *mut Waiting<'_, F> = waiting;
    // SAFETY: `run` gets `data` and `wake` gets `interrupted`, each of the type it casts to. Both outlive the call, because Ruby
    // runs `run` before it returns and never calls `wake` after it has. Neither touches a Ruby value, and neither unwinds.
    // In a program of one thread nobody is there to call `wake`, and Ruby would start and join a thread for it with each call (rb_nogvl in
    // thread.c): it is not given one, because the only thread is the main thread, which looks for itself.
    // The `2` form returns on a pending interrupt instead of raising. `protect` is for the day when it raises all the same: the jump ends
    // here, before it skips Rust frames whose futures would stay in lists that outlive them.
    protect(|| unsafe {
        let wake = (rb_sys::rb_thread_alone() == 0).then_some(wake as unsafe extern "C" fn(*mut c_void));
        rb_sys::rb_thread_call_without_gvl2(Some(run::<F>), data.cast(), wake, interrupted.cast_mut().cast());
        rb_sys::Qnil.into()
    })
    .map(drop)
}

unsafe extern "C" fn run<F: Future>(data: *mut c_void) -> *mut c_void {
    // SAFETY: `data` is the exclusive `&mut Waiting` of `release`, whose thread is in here.
    let waiting = unsafe { &mut *data.cast::<Waiting<'_, F>>() };
    let (driver, drives) = (waiting.process.driver(), waiting.drives);
    let (future, interrupted, looks) = (waiting.future.as_mut(), waiting.interrupted, waiting.looks);
    let heard = async {
        tokio::select! {
            biased;
            output = future => Some(output),
            () = interrupted.notified() => None,
            () = tokio::time::sleep(LOOK), if looks => None,
        }
    };
    waiting.outcome = catch_unwind(AssertUnwindSafe(|| if drives { driver.drive(heard) } else { driver.wait(heard) }))
        .map_or_else(|panic| Some(Err(panic)), |output| output.map(Ok));
    std::ptr::null_mut()
}

unsafe extern "C" fn wake(data: *mut c_void) {
    // SAFETY: `data` is the `Notify` of `release`, alive while the thread is in `run`; `Notify` is made for other threads.
    unsafe { &*data.cast::<Notify>() }.notify_one();
}

/// Work that needs the processor, not the network: done without the GVL, and not interrupted, because it is short.
pub fn compute<T: Send>(ruby: &Ruby, work: impl FnOnce() -> T + Send) -> Result<T, Error> {
    let mut work = Some(work);
    wait(
        ruby,
        std::future::poll_fn(move |_| match work.take() {
            Some(work) => std::task::Poll::Ready(work()),
            None => std::task::Poll::Pending, // polled again after it was ready: `wait` does not
        }),
    )
}

/// Lets other threads have the GVL for a moment; raises what this one is interrupted with.
pub fn pass() -> Result<(), Error> {
    // SAFETY: called with the GVL, on a thread of Ruby's; `protect` ends the jump of what it raises.
    protect(|| unsafe {
        rb_sys::rb_thread_schedule();
        rb_sys::Qnil.into()
    })
    .map(drop)
}

/// Tells the GC that a Ruby object keeps `bytes` outside of Ruby's heap.
///
/// `rb_gc_adjust_memory_usage` only counts; the next allocation looks at the count. A thread that makes few Ruby objects would
/// collect gigabytes before that, so it is looked at now.
pub fn account(bytes: usize) {
    let grown = isize::try_from(bytes).unwrap_or(isize::MAX);
    // SAFETY: called with the GVL (every caller holds a `Ruby`-derived value), outside of GC.
    unsafe { rb_sys::rb_gc_adjust_memory_usage(grown as rb_sys::ssize_t) };
    collect_if_due();
}

/// A tiny allocation, in which Ruby looks whether enough was counted for a collection.
pub fn collect_if_due() {
    // SAFETY: called with the GVL (every caller holds a `Ruby`-derived value), outside of GC; the block is freed at once.
    unsafe { rb_sys::ruby_xfree(rb_sys::ruby_xmalloc(8)) };
}
