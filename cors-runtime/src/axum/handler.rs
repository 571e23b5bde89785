//! Handlers: annotated ones, whose return type carries a policy, and axum's own.

use std::future::{Future, IntoFuture};
use std::marker::PhantomData;

use axum::extract::{FromRequest, FromRequestParts};
use axum::handler::Handler;
use axum::response::IntoResponse;

pub use crate::mounting::Annotation;
use crate::mounting::{AnnotatedCall, HasPolicy};
use crate::policy::Policy;

/// What a handler under [`#[cors]`](super::cors) returns: its future, and the policy in the type.
///
/// Being no `Future` by itself, it keeps an annotated handler out of `axum::routing::get`, where
/// its preflight would never be answered. `.await` works on it as on any `IntoFuture`; where a
/// function wants a `Future`, such as `tokio::spawn`, write `.into_future()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no CORS policy",
    note = "`#[cors(...)]` on an `async fn` gives it one"
)]
#[must_use = "a handler does nothing unless it is awaited"]
pub trait MountWithCorsRouting: IntoFuture + Sealed {
    /// The policy of the handler.
    fn policy() -> &'static Policy;

    /// The handler itself, as `module::path::name`.
    fn handler() -> &'static str;

    /// Whether its policy has to allow `content-type`.
    #[doc(hidden)]
    fn wants_content_type() -> bool;
}

/// # Panics
///
/// As [`Annotation::new`].
#[track_caller]
fn annotation<R: MountWithCorsRouting>() -> Annotation {
    Annotation::new(R::policy(), R::handler(), R::wants_content_type())
}

/// Only the attribute makes one.
pub trait Sealed {}

impl<P, F> Sealed for AnnotatedCall<P, F> {}

impl<P: HasPolicy, F: Future> MountWithCorsRouting for AnnotatedCall<P, F> {
    fn policy() -> &'static Policy {
        P::policy()
    }

    fn handler() -> &'static str {
        P::HANDLER
    }

    fn wants_content_type() -> bool {
        P::WANTS_CONTENT_TYPE
    }
}

/// What the expansion of [`cors`](super::cors) calls. Not public API.
pub mod expansion {
    use super::{AnnotatedCall, Future, HasPolicy, MountWithCorsRouting};

    /// Ties the policy to the future of the body.
    pub fn annotate<P: HasPolicy, F: Future>(
        future: F,
    ) -> impl MountWithCorsRouting<Output = F::Output, IntoFuture = F> {
        AnnotatedCall::<P, F>::new(future)
    }
}

/// What [`routing`](super::routing) mounts: annotated handlers, and everything that is an
/// [`axum::handler::Handler`].
///
/// `M` tells the two apart and names the types of the arguments; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be mounted as a handler",
    label = "not a handler",
    note = "every argument has to be an extractor, only the last one can take the body of the \
            request, and what is returned has to be a response",
    note = "write `#[axum::debug_handler]` below `#[cors(...)]` to learn what is wrong",
    note = "a handler is named here, not called: `get(list)`"
)]
pub trait CorsHandler<M, S>: Sized {
    /// The arguments, as [`axum::handler::Handler`] counts them.
    type Args: 'static;

    /// What the attribute says of an annotated handler.
    fn annotation() -> Option<Annotation>;

    /// The same handler for axum, without what is done about CORS.
    fn into_handler(self) -> impl Handler<Self::Args, S>;
}

/// What [`Router::method_not_allowed_fallback`](super::Router::method_not_allowed_fallback) takes:
/// a handler of axum's.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the answer for a method that nobody serves",
    note = "it takes a handler without a policy: a 405 carries the headers of the handlers on its \
            path already"
)]
pub trait PlainHandler<T, S>: Handler<T, S> {}

impl<H: Handler<T, S>, T, S> PlainHandler<T, S> for H {}

/// Marks the [`CorsHandler`]s that are axum's own handlers.
#[derive(Debug)]
pub struct ViaHandler<T>(PhantomData<T>);

/// Marks the [`CorsHandler`]s that are annotated handlers.
#[derive(Debug)]
pub struct ViaCors<T>(PhantomData<T>);

impl<H, T, S> CorsHandler<ViaHandler<T>, S> for H
where
    H: Handler<T, S>,
    T: 'static,
{
    type Args = T;

    fn annotation() -> Option<Annotation> {
        None
    }

    fn into_handler(self) -> impl Handler<T, S> {
        self
    }
}

impl<F, R, S> CorsHandler<ViaCors<((),)>, S> for F
where
    F: FnOnce() -> R + Clone + Send + Sync + 'static,
    R: MountWithCorsRouting<Output: IntoResponse, IntoFuture: Send> + 'static,
{
    type Args = ((),);

    fn annotation() -> Option<Annotation> {
        Some(annotation::<R>())
    }

    fn into_handler(self) -> impl Handler<((),), S> {
        move || self().into_future()
    }
}

/// One closure for each number of arguments: what axum is given makes the call into a future, so
/// that extraction stays axum's own.
macro_rules! annotated_handler {
    ($($argument:ident)* ; $last:ident) => {
        #[allow(non_snake_case, reason = "arguments are named for their types")]
        impl<F, R, S, M, $($argument,)* $last>
            CorsHandler<ViaCors<(M, $($argument,)* $last,)>, S> for F
        where
            F: FnOnce($($argument,)* $last) -> R + Clone + Send + Sync + 'static,
            R: MountWithCorsRouting<Output: IntoResponse, IntoFuture: Send> + 'static,
            S: Send + Sync + 'static,
            M: 'static,
            $($argument: FromRequestParts<S> + Send + 'static,)*
            $last: FromRequest<S, M> + Send + 'static,
        {
            type Args = (M, $($argument,)* $last,);

            fn annotation() -> Option<Annotation> {
                Some(annotation::<R>())
            }

            fn into_handler(self) -> impl Handler<Self::Args, S> {
                move |$($argument: $argument,)* $last: $last| {
                    self($($argument,)* $last).into_future()
                }
            }
        }
    };
}

annotated_handler!(; A1);
annotated_handler!(A1; A2);
annotated_handler!(A1 A2; A3);
annotated_handler!(A1 A2 A3; A4);
annotated_handler!(A1 A2 A3 A4; A5);
annotated_handler!(A1 A2 A3 A4 A5; A6);
annotated_handler!(A1 A2 A3 A4 A5 A6; A7);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7; A8);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8; A9);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9; A10);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10; A11);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11; A12);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12; A13);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13; A14);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14; A15);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15; A16);
