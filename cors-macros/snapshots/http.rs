/**
| CORS policy | |
|---|---|
| origins | `*` |
| methods | `GET`, `HEAD`, `POST` |
| headers | `*`, `Authorization` |
| expose | safelisted |
| credentials | no |
| max age | not sent |
| enforce | no |
| hosts | any |*/
async fn handle(
    state: Arc<App>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Error> {
    static __CORS_PREPARED: ::cors_runtime::__private::http::Prepared = ::cors_runtime::__private::http::Prepared::new();
    let __cors_policy: &'static ::cors_runtime::Policy = {
        static __CORS_POLICY: ::cors_runtime::Policy = ::cors_runtime::__private::policy(
            ::core::concat!(::core::file!(), ":", ::core::line!()),
            ::cors_runtime::__private::Origins::Any,
            ::cors_runtime::__private::Methods::Default,
            ::cors_runtime::__private::any_header(true),
            "",
            false,
            "",
            false,
        );
        &__CORS_POLICY
    };
    let __cors_headers = match ::cors_runtime::__private::http::decide_now::<
        _,
        Result<Response<Full<Bytes>>, Error>,
    >(__cors_policy, &__CORS_PREPARED, &request) {
        ::core::ops::ControlFlow::Break(__cors_response) => return __cors_response,
        ::core::ops::ControlFlow::Continue(__cors_headers) => __cors_headers,
    };
    let __cors_output = async move {
        if false {
            return ::cors_runtime::__private::never::<
                Result<Response<Full<Bytes>>, Error>,
            >();
        }
        #[allow(
            clippy::no_effect_underscore_binding,
            clippy::shadow_same,
            clippy::used_underscore_binding
        )]
        let mut request = request;
        request.headers_mut().remove("x-internal");
        state.serve(request).await
    }
        .await;
    __cors_headers.apply(__cors_output)
}
