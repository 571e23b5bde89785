/**
CORS policy: disabled.*/
fn handle(request: Request<()>) -> Response<String> {
    static __CORS_PREPARED: ::cors_runtime::__private::http::Prepared = ::cors_runtime::__private::http::Prepared::new();
    let __cors_policy: &'static ::cors_runtime::Policy = {
        static __CORS_POLICY: ::cors_runtime::Policy = ::cors_runtime::__private::disabled(
            ::core::concat!(::core::file!(), ":", ::core::line!()),
        );
        &__CORS_POLICY
    };
    let __cors_headers = match ::cors_runtime::__private::http::decide_now::<
        _,
        Response<String>,
    >(__cors_policy, &__CORS_PREPARED, &request) {
        ::core::ops::ControlFlow::Break(__cors_response) => return __cors_response,
        ::core::ops::ControlFlow::Continue(__cors_headers) => __cors_headers,
    };
    #[allow(clippy::redundant_closure_call)]
    let __cors_output = (move || -> Response<String> { Response::default() })();
    __cors_headers.apply(__cors_output)
}
