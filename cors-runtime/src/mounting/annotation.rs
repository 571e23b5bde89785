//! The policy of an annotated handler, in the type of its call.

use std::future::{Future, IntoFuture};
use std::marker::PhantomData;

use crate::policy::Policy;

/// A type that carries the policy of one handler. The attribute defines such a type.
pub trait HasPolicy {
    /// The handler, as `module::path::name`.
    const HANDLER: &'static str;
    /// Whether the handler takes JSON, and does not allow the rule `missing_content_type`.
    const WANTS_CONTENT_TYPE: bool;
    /// Returns the policy of the handler.
    fn policy() -> &'static Policy;
}

/// The policy of a handler, and the name of the handler.
#[derive(Clone, Copy, Debug)]
pub struct Annotation {
    pub(crate) policy: &'static Policy,
    pub(crate) handler: &'static str,
}

impl Annotation {
    /// # Panics
    ///
    /// Panics if the handler takes JSON and its policy, which was not known when the handler was
    /// compiled, does not allow `content-type`.
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

/// The call of an annotated handler: a future that is not a [`Future`] itself, so that only this
/// crate can mount the handler.
pub(crate) struct AnnotatedCall<P, F> {
    future: F,
    policy: PhantomData<fn() -> P>,
}

impl<P, F> AnnotatedCall<P, F> {
    pub(crate) fn new(future: F) -> Self {
        Self {
            future,
            policy: PhantomData,
        }
    }
}

impl<P, F: Future> IntoFuture for AnnotatedCall<P, F> {
    type Output = F::Output;
    type IntoFuture = F;

    fn into_future(self) -> F {
        self.future
    }
}
