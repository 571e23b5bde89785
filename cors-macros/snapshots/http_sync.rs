/**
| CORS policy | |
|---|---|
| origins | `https://app.example.com` |
| methods | `GET`, `HEAD`, `POST` |
| headers | safelisted |
| expose | safelisted |
| credentials | no |
| max age | 0 s |
| enforce | no |
| hosts | any |*/
fn handle(__cors_0: Wrapped<Request<()>>) -> Response<String> {
    static __CORS_PREPARED: crate::reexported::__private::http::Prepared = crate::reexported::__private::http::Prepared::new();
    let __cors_policy: &'static crate::reexported::Policy = {
        static __CORS_POLICY: crate::reexported::Policy = crate::reexported::__private::policy(
            ::core::concat!(::core::file!(), ":", ::core::line!()),
            crate::reexported::__private::origins(&["https://app.example.com"], &[]),
            crate::reexported::__private::Methods::Default,
            crate::reexported::__private::headers(&[], ""),
            "",
            false,
            "0",
            false,
        );
        &__CORS_POLICY
    };
    let __cors_headers = match crate::reexported::__private::http::decide_now::<
        _,
        Response<String>,
    >(__cors_policy, &__CORS_PREPARED, &__cors_0) {
        ::core::ops::ControlFlow::Break(__cors_response) => return __cors_response,
        ::core::ops::ControlFlow::Continue(__cors_headers) => __cors_headers,
    };
    #[allow(clippy::redundant_closure_call)]
    let __cors_output = (move || -> Response<String> {
        let __cors_0 = __cors_0;
        let Wrapped(request) = __cors_0;
        Response::new(request.uri().to_string())
    })();
    __cors_headers.apply(__cors_output)
}
