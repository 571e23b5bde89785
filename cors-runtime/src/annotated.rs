//! What the attribute leaves of a handler: a call that carries its policy in its type.

use std::future::{Future, IntoFuture};
use std::marker::PhantomData;

use crate::policy::Policy;

/// The policy of a handler, and which handler that is.
#[derive(Clone, Copy, Debug)]
pub struct Annotation {
    pub(crate) policy: &'static Policy,
    pub(crate) handler: &'static str,
}

impl Annotation {
    /// # Panics
    ///
    /// If the handler takes JSON and its policy, which was not known when it was compiled, does not
    /// allow that.
    #[track_caller]
    pub(crate) fn new(
        policy: &'static Policy,
        handler: &'static str,
        wants_content_type: bool,
    ) -> Self {
        assert!(
            !wants_content_type || policy.allows_content_type(),
            "`{handler}` takes JSON, and its policy ({}) has no `content-type` in its `headers`: \
             its preflight would always be refused; add it there, or write \
             `allow(missing_content_type)`",
            policy.location()
        );
        Self { policy, handler }
    }
}

/// The call of an annotated handler.
pub(crate) struct Call<P, F> {
    future: F,
    policy: PhantomData<fn() -> P>,
}

impl<P, F> Call<P, F> {
    pub(crate) fn new(future: F) -> Self {
        Self {
            future,
            policy: PhantomData,
        }
    }
}

impl<P, F: Future> IntoFuture for Call<P, F> {
    type Output = F::Output;
    type IntoFuture = F;

    fn into_future(self) -> F {
        self.future
    }
}
