//! Handlers: annotated functions, whose return type carries a policy, and plain handlers.

use std::future::{Future, IntoFuture};
use std::marker::PhantomData;

use actix_web::dev::Handler;
use actix_web::{FromRequest, Responder};

pub use crate::mounting::Annotation;
use crate::mounting::{AnnotatedCall, HasPolicy};

/// The return type of a function under [`#[cors]`](super::cors) without a route macro: its future,
/// with the policy in the type.
///
/// Mount the function by [`resource`](super::resource()). The return type is not a `Future`, so
/// `web::get().to(..)`, which would not answer the preflight, does not compile, and neither does a
/// route macro above the attribute. `.await` works as on any `IntoFuture`. Where a function expects
/// a `Future`, write `.into_future()`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no CORS policy",
    note = "`#[cors(...)]` on an `async fn` adds a policy"
)]
#[must_use = "a handler does nothing unless it is awaited"]
pub trait MountWithCorsResource: IntoFuture + Sealed {
    /// Returns the policy of the handler, and its name.
    #[doc(hidden)]
    fn annotation() -> Annotation;
}

/// Limits the trait to the types that the attribute creates.
pub trait Sealed {}

impl<P, F> Sealed for AnnotatedCall<P, F> {}

impl<P: HasPolicy, F: Future> MountWithCorsResource for AnnotatedCall<P, F> {
    #[track_caller]
    fn annotation() -> Annotation {
        Annotation::new(P::policy(), P::HANDLER, P::WANTS_CONTENT_TYPE)
    }
}

/// Ties the policy to the future of the body.
pub(super) fn annotate<P: HasPolicy, F: Future>(
    future: F,
) -> impl MountWithCorsResource<Output = F::Output, IntoFuture = F> {
    AnnotatedCall::<P, F>::new(future)
}

/// A handler that [`Resource`](super::Resource) mounts: an annotated function, or any [`Handler`].
///
/// `M` distinguishes the two and contains the types of the arguments. It is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be mounted as a handler",
    label = "not a handler",
    note = "for actix-web, the attribute has to be `cors_runtime::actix_web::cors`",
    note = "every argument has to be an extractor (`FromRequest`), and the return type has to be a \
            `Responder`",
    note = "pass the handler without calling it: `get(list)`; mount a handler with a route macro \
            by `App::service(list)`"
)]
pub trait CorsHandler<M>: Sized {
    /// The arguments.
    type Args: FromRequest + 'static;

    /// Returns the policy of an annotated handler.
    fn annotation() -> Option<Annotation>;

    /// Returns the handler for actix-web, without CORS.
    fn into_handler(self) -> impl Handler<Self::Args, Output: Responder + 'static>;
}

/// Marks the [`CorsHandler`]s that are actix-web's own handlers.
#[derive(Debug)]
pub struct ViaHandler<T>(PhantomData<T>);

/// Marks the [`CorsHandler`]s that are annotated functions.
#[derive(Debug)]
pub struct ViaCors<T>(PhantomData<T>);

impl<H, T> CorsHandler<ViaHandler<T>> for H
where
    H: Handler<T, Output: Responder + 'static>,
    T: FromRequest + 'static,
{
    type Args = T;

    fn annotation() -> Option<Annotation> {
        None
    }

    fn into_handler(self) -> impl Handler<T, Output: Responder + 'static> {
        self
    }
}

/// Implements the trait for each number of arguments. The closure converts the call into a future,
/// and actix-web extracts the arguments.
macro_rules! annotated_handler {
    ($($argument:ident)*) => {
        #[allow(non_snake_case, reason = "arguments are named for their types")]
        impl<F, R, $($argument,)*> CorsHandler<ViaCors<($($argument,)*)>> for F
        where
            F: Fn($($argument),*) -> R + Clone + 'static,
            R: MountWithCorsResource<Output: Responder + 'static> + 'static,
            $($argument: FromRequest + 'static,)*
        {
            type Args = ($($argument,)*);

            #[track_caller]
            fn annotation() -> Option<Annotation> {
                Some(R::annotation())
            }

            fn into_handler(self) -> impl Handler<Self::Args, Output: Responder + 'static> {
                move |$($argument: $argument),*| self($($argument),*).into_future()
            }
        }
    };
}

annotated_handler!();
annotated_handler!(A1);
annotated_handler!(A1 A2);
annotated_handler!(A1 A2 A3);
annotated_handler!(A1 A2 A3 A4);
annotated_handler!(A1 A2 A3 A4 A5);
annotated_handler!(A1 A2 A3 A4 A5 A6);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15);
annotated_handler!(A1 A2 A3 A4 A5 A6 A7 A8 A9 A10 A11 A12 A13 A14 A15 A16);
