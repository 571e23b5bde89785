fn handle(request: Request<()>) -> Response<String> {
    let __cors_policy: &'static ::cors_runtime::Policy = {
        static __CORS_POLICY: ::cors_runtime::Policy = ::cors_runtime::__private::disabled(
            ::core::concat!(::core::file!(), ":", ::core::line!()),
        );
        &__CORS_POLICY
    };
    let __cors_answers = ::cors_runtime::__private::http::nothing_asked();
    let __cors_ticket = match ::cors_runtime::__private::http::before::<
        _,
        Response<String>,
    >(__cors_policy, &request, &__cors_answers) {
        ::core::ops::ControlFlow::Break(__cors_answer) => return __cors_answer,
        ::core::ops::ControlFlow::Continue(__cors_ticket) => __cors_ticket,
    };
    #[allow(clippy::redundant_closure_call)]
    let __cors_answer = (move || -> Response<String> { Response::default() })();
    __cors_ticket.after(__cors_answer)
}
