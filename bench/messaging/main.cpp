// SPDX-License-Identifier: Apache-2.0
// quay-bench-messaging FIGURE [--scale X]: takes one figure and prints it as a line of JSON. bench/messaging/run calls
// it.
#include <iostream>

#include <CLI/CLI.hpp>

#include "bench/messaging/figures.hpp"

int main(int argc, char** argv) {
  CLI::App app{"Figures of quayd's messaging, beside bare libzmq in the same run"};
  std::string figure;
  double scale = 1;
  int subscribers = 1;
  app.add_option("figure", figure, "publishing, commits, fan_out, fetch, pushes, load or joins")->required();
  app.add_option("--scale", scale, "how much is measured");
  app.add_option("--subscribers", subscribers, "of fan_out");
  CLI11_PARSE(app, argc, argv);

  namespace bench = quay::bench;
  quay::protocol::json::object result;
  if (figure == "publishing") {
    result = bench::measure_publishing(scale);
  } else if (figure == "commits") {
    result = bench::measure_commits(scale);
  } else if (figure == "fan_out") {
    result = bench::measure_fan_out(subscribers, scale);
  } else if (figure == "fetch") {
    result = bench::measure_fetching(scale);
  } else if (figure == "pushes") {
    result = bench::measure_pushes(scale);
  } else if (figure == "load") {
    result = bench::measure_events_under_load(scale);
  } else if (figure == "joins") {
    result = bench::measure_joins(scale);
  } else {
    std::cerr << "no figure '" << figure << "'\n";
    return 2;
  }
  std::cout << boost::json::serialize(result) << '\n';
  return 0;
}
