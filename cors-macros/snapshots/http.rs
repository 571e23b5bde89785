async fn handle(
    state: Arc<App>,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, Error> {
    static __CORS_PREPARED: ::cors_runtime::__private::http::Prepared = ::cors_runtime::__private::http::Prepared::new();
    let __cors_policy: &'static ::cors_runtime::Policy = {
        static __CORS_POLICY: ::cors_runtime::Policy = {
            use ::cors_runtime::__private as __cors;
            __cors::policy(__cors::PolicyData {
                location: ::core::concat!(::core::file!(), ":", ::core::line!()),
                origins: __cors::Origins::Any,
                methods: __cors::Methods::Default,
                headers: __cors::Headers::Any {
                    authorization: true,
                },
                expose: ::core::option::Option::None,
                credentials: false,
                max_age: ::core::option::Option::None,
                enforce: false,
            })
        };
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
        #[allow(
            unknown_lints,
            unreachable_code,
            clippy::diverging_sub_expression,
            clippy::empty_loop,
            clippy::let_unit_value,
            clippy::let_with_type_underscore,
            clippy::needless_return,
            clippy::unreachable
        )]
        if false {
            let __cors_return: Result<Response<Full<Bytes>>, Error> = loop {};
            return __cors_return;
        }
        #[allow(clippy::shadow_same, clippy::used_underscore_binding)]
        let mut request = request;
        request.headers_mut().remove("x-internal");
        state.serve(request).await
    }
        .await;
    __cors_headers.apply(__cors_output)
}
