//! What a [`CorsLayer`](crate::tower::CorsLayer) and the policies inside of it tell each other.

use std::ops::Deref;
use std::ptr;
use std::sync::{Arc, LazyLock, Mutex, MutexGuard, PoisonError};

use http::{Request, Response};

use crate::http::Actual;
use crate::policy::Policy;

/// A policy that a layer can hold: a `&'static Policy`, a `Policy`, or an `Arc` of one.
#[derive(Clone, Debug)]
pub struct SharedPolicy(Holder);

#[derive(Clone, Debug)]
enum Holder {
    Static(&'static Policy),
    Shared(Arc<Policy>),
}

impl From<&'static Policy> for SharedPolicy {
    fn from(policy: &'static Policy) -> Self {
        Self(Holder::Static(policy))
    }
}

/// It is made here, if it is not yet.
impl From<&'static LazyLock<Policy>> for SharedPolicy {
    fn from(policy: &'static LazyLock<Policy>) -> Self {
        Self(Holder::Static(policy))
    }
}

impl From<Policy> for SharedPolicy {
    fn from(policy: Policy) -> Self {
        Arc::new(policy).into()
    }
}

impl From<Arc<Policy>> for SharedPolicy {
    fn from(policy: Arc<Policy>) -> Self {
        Self(Holder::Shared(policy))
    }
}

impl Deref for SharedPolicy {
    type Target = Policy;

    fn deref(&self) -> &Policy {
        match &self.0 {
            Holder::Static(policy) => policy,
            Holder::Shared(policy) => policy,
        }
    }
}

/// In the extensions of a request, and not of its response: so what middleware answers in place of a handler, after a panic
/// or too long a time, gets the headers of that handler, too.
#[derive(Clone, Debug)]
pub(crate) struct Outer {
    shared: Arc<Shared>,
    /// How many layers are around whoever sees this.
    depth: usize,
}

/// One for all layers around each other.
#[derive(Debug)]
struct Shared {
    /// By which a preflight of this request is answered: that of the outermost layer.
    judge: SharedPolicy,
    spoken: Mutex<Option<Spoken>>,
}

/// What the innermost policy has said, as far as it is known.
#[derive(Debug)]
struct Spoken {
    depth: usize,
    /// `None`: it has refused the request, and its answer is left alone.
    actual: Option<Actual>,
}

impl Outer {
    /// For a layer that lets a request pass.
    pub(crate) fn enter<B>(request: &mut Request<B>, policy: SharedPolicy) -> Self {
        let inside = match request.extensions().get::<Self>() {
            Some(Self { shared, depth }) => Self {
                shared: Arc::clone(shared),
                depth: depth + 1,
            },
            None => Self {
                shared: Arc::new(Shared {
                    judge: policy,
                    spoken: Mutex::new(None),
                }),
                depth: 1,
            },
        };
        request.extensions_mut().insert(inside.clone());
        inside
    }

    /// Tells the layers around, if there are any, what goes onto the response in place of their own.
    pub(crate) fn hand_over<B>(request: &Request<B>, actual: Option<&Actual>) {
        let Some(outer) = request.extensions().get::<Self>() else {
            return;
        };
        let depth = outer.depth;
        let mut spoken = outer.spoken();
        // A layer that had to ask somebody comes later than those inside of it.
        if spoken.as_ref().is_none_or(|it| it.depth <= depth) {
            *spoken = Some(Spoken {
                depth,
                actual: actual.cloned(),
            });
        }
    }

    /// Whether somebody around answers the preflights for this policy by another one.
    pub(crate) fn judges_instead_of<B>(policy: &Policy, request: &Request<B>) -> bool {
        let outer = request.extensions().get::<Self>();
        outer.is_some_and(|it| !ptr::eq(&raw const *it.shared.judge, policy))
    }

    /// The headers for a response, where nobody inside knew better.
    pub(crate) fn apply<B>(&self, own: Actual, response: &mut Response<B>) {
        let actual = match &*self.spoken() {
            Some(spoken) => spoken.actual.clone(),
            None => Some(own),
        };
        if let Some(actual) = actual {
            actual.apply(response.headers_mut());
        }
    }

    fn spoken(&self) -> MutexGuard<'_, Option<Spoken>> {
        let spoken = self.shared.spoken.lock();
        // It is only ever replaced as a whole.
        spoken.unwrap_or_else(PoisonError::into_inner)
    }
}
