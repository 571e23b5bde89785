//! The help of rustc for an annotated handler in actix-web's own functions.
//!
//! rustc shortens the type of a handler with arguments to `fn(..) -> ... {create}`, without the
//! return type that carries the policy. It also lists the types that implement [`Handler`], with
//! the source of the `impl` if that has at most four lines. This one is alone in that list.

use std::future::Pending;

use actix_web::{Handler, HttpResponse};

/// The arguments of [`UseResourceOfCorsRuntime`].
#[derive(Debug)]
pub enum IfAnnotatedWithCors {}

/// A handler that does not exist.
#[derive(Clone, Debug)]
pub enum UseResourceOfCorsRuntime {}

impl Handler<IfAnnotatedWithCors> for UseResourceOfCorsRuntime
where
    // With `#[cors]`: write it above `#[get(..)]`, or use `cors_runtime::actix_web::resource(..)`.
    Self: Sized,
{
    type Output = HttpResponse;
    type Future = Pending<HttpResponse>;

    fn call(&self, _: IfAnnotatedWithCors) -> Self::Future {
        match *self {}
    }
}
