//! The layers that call or poll their inner service on this thread.

use std::cell::RefCell;

use http::HeaderValue;

use super::Outer;
use super::called::Called;
use crate::policy::Policy;
use crate::protocol::ActualHeaders;

thread_local! {
    /// The innermost layer is the last one. The vector keeps its memory, so that only the first
    /// request of a thread allocates.
    static STACK: RefCell<Vec<Layer>> = const { RefCell::new(Vec::new()) };
}

/// A layer, for the policies inside of it.
#[derive(Debug)]
pub(super) struct Layer {
    pub(super) outer: Outer,
    /// The policy of the outermost layer, which answers the preflights. `None` if it is unknown.
    pub(super) preflight_policy: Option<&'static Policy>,
    pub(super) called: Option<Box<Called>>,
    /// What an inner policy has decided since the layer was pushed.
    pub(super) inner: Option<Inner>,
}

/// What an inner policy has decided: the headers of the response, or `None` if the policy has
/// refused the request.
pub(super) type Inner = Option<ActualHeaders<HeaderValue>>;

/// Returns `None` if there is no layer, or if the thread is about to end.
pub(super) fn with_innermost<T>(call: impl FnOnce(&mut Layer) -> T) -> Option<T> {
    with_stack(|stack| stack.last_mut().map(call)).flatten()
}

/// Sets what an inner policy has decided, for the innermost layer and those around it.
pub(super) fn set_headers(headers: Option<&ActualHeaders<HeaderValue>>) {
    with_stack(|stack| {
        for layer in stack.iter_mut().rev() {
            layer.inner = Some(headers.cloned());
            if layer.outer != Outer::Here {
                break;
            }
        }
    });
}

/// Pushes a layer, and pops it once `call` has returned or panicked. Calls `leave` with the layer.
#[cfg(any(feature = "axum", feature = "tower"))]
pub(super) fn enter<T>(
    layer: Layer,
    leave: impl FnOnce(&mut Layer),
    call: impl FnOnce() -> T,
) -> T {
    let is_pushed = with_stack(|stack| stack.push(layer)).is_some();
    let _pushed = Pushed(is_pushed.then_some(leave));
    call()
}

/// Pops a layer when it is dropped.
#[cfg(any(feature = "axum", feature = "tower"))]
struct Pushed<F: FnOnce(&mut Layer)>(Option<F>);

#[cfg(any(feature = "axum", feature = "tower"))]
impl<F: FnOnce(&mut Layer)> Drop for Pushed<F> {
    fn drop(&mut self) {
        let Some(leave) = self.0.take() else { return };
        with_stack(|stack| {
            stack.last_mut().map(leave);
            stack.truncate(stack.len().saturating_sub(1));
        });
    }
}

/// Returns `None` if the thread is about to end.
fn with_stack<T>(call: impl FnOnce(&mut Vec<Layer>) -> T) -> Option<T> {
    let call = |stack: &RefCell<Vec<Layer>>| Some(call(&mut *stack.try_borrow_mut().ok()?));
    STACK.try_with(call).ok().flatten()
}
