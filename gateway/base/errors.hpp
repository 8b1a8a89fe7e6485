// SPDX-License-Identifier: GPL-3.0-or-later
//
// Error values. `result<T>` for what may fail as part of normal work; exceptions are for start-up
// and for bugs.
#pragma once

#include <boost/system/error_code.hpp>
#include <boost/system/result.hpp>

namespace halley {

using error_code = boost::system::error_code;
template <class T, class E = error_code>
using result = boost::system::result<T, E>;

}  // namespace halley
