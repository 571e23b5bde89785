//! Handlers: annotated functions, whose return type carries a policy, and plain handlers.

use std::any::TypeId;
use std::future::{Future, IntoFuture};
use std::marker::PhantomData;

use axum::extract::{FromRequest, FromRequestParts};
use axum::handler::Handler;
use axum::response::IntoResponse;

pub use crate::mounting::Annotation;
use crate::mounting::{AnnotatedCall, HasPolicy};
use crate::policy::Policy;

/// The return type of a handler under [`#[cors]`](super::cors): a future, with the policy in its
/// type.
///
/// The type is not a `Future` itself, so `axum::routing::get` does not accept the handler: it would
/// not answer the preflights. You can `.await` the value. For a function that expects a `Future`,
/// such as `tokio::spawn`, write `.into_future()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no CORS policy",
    note = "`#[cors(...)]` on an `async fn` adds a policy"
)]
#[must_use = "a handler does nothing unless it is awaited"]
pub trait MountWithCorsRouting: IntoFuture + Sealed {
    /// Returns the policy of the handler.
    fn policy() -> &'static Policy;

    /// Returns the name of the handler, as `module::path::name`.
    fn handler() -> &'static str;

    /// Returns whether the policy has to allow `content-type`.
    #[doc(hidden)]
    fn wants_content_type() -> bool;
}

/// # Panics
///
/// Panics as [`Annotation::new`] does.
#[track_caller]
fn annotation<R: MountWithCorsRouting>() -> Annotation {
    Annotation::new(R::policy(), R::handler(), R::wants_content_type())
}

/// Limits the trait to the types that the attribute creates.
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

/// The items that the expansion of [`cors`](super::cors) uses. Not public API.
pub mod expansion {
    use super::{AnnotatedCall, Future, HasPolicy, MountWithCorsRouting};

    /// Adds the policy to the type of the future.
    pub fn annotate<P: HasPolicy, F: Future>(
        future: F,
    ) -> impl MountWithCorsRouting<Output = F::Output, IntoFuture = F> {
        AnnotatedCall::<P, F>::new(future)
    }
}

/// A handler for [`routing`](super::routing): an annotated handler, or an
/// [`axum::handler::Handler`].
///
/// `M` distinguishes the two, and has the types of the arguments. It is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be mounted as a handler",
    label = "not a handler",
    note = "every argument has to be an extractor, only the last one can take the body of the \
            request, and the return type has to be a response",
    note = "for axum, the attribute has to be `cors_runtime::axum::cors`",
    note = "write `#[axum::debug_handler]` below `#[cors(...)]` to learn what is wrong",
    note = "a handler is named here, not called: `get(list)`"
)]
pub trait CorsHandler<M, S>: Sized {
    /// The type parameter of [`axum::handler::Handler`].
    type Args: 'static;

    /// Returns the policy of an annotated handler, and its name.
    fn annotation() -> Option<Annotation>;

    /// Converts the handler into one of axum's own, without CORS.
    fn into_handler(self) -> impl Handler<Self::Args, S>;
}

/// A plain handler for [`Router::method_not_allowed_fallback`], without a policy.
///
/// [`Router::method_not_allowed_fallback`]: super::Router::method_not_allowed_fallback
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the handler for a method that is not served",
    note = "the handler must not have a policy: the response has the headers of the handlers of \
            its path"
)]
pub trait PlainHandler<T, S>: Handler<T, S> {}

// Otherwise, rustc reports the missing `Handler`, with the help for axum's own functions.
#[diagnostic::do_not_recommend]
impl<H: Handler<T, S>, T, S> PlainHandler<T, S> for H {}

/// The arguments of a plain handler that applies a policy itself.
#[derive(Debug)]
pub struct WithInnerPolicy(());

/// Returns whether a plain handler may apply a policy itself, by its arguments. A method router as
/// a handler has the arguments `()`, and a function has a tuple that is not empty.
pub(crate) fn may_have_policy<Args: 'static>() -> bool {
    let inner = [TypeId::of::<WithInnerPolicy>(), TypeId::of::<()>()];
    inner.contains(&TypeId::of::<Args>())
}

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

/// Implements the trait for each number of arguments. The closure converts the call into a future,
/// and axum extracts the arguments.
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
