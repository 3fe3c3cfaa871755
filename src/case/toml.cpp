// The only C++ of the room: toml++ turned into a plain tree. No exception
// leaves this file.
#include "case/toml.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <new>
#include <string_view>

// toml++ 3.3 asserts (with NDEBUG and clang: assumes) that a table header
// starts with a key, which "[:a]" does not; the error it reports right behind
// that is what we want. TOML_ASSERT is its documented switch, without NDEBUG
// for both.
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>

namespace
{

constexpr int max_depth = 16;

lmx_status fail(lmx_toml_error *error, toml::source_index line,
                std::string_view what)
{
  error->line = line > 0 ? static_cast<int>(line) : 1;
  const std::size_t n = std::min(what.size(), sizeof error->what - 1);
  std::memcpy(error->what, what.data(), n);
  error->what[n] = '\0';
  return LMX_ERR_CASE;
}

class Converter
{
public:
  Converter(lmx_context *context, lmx_toml_error *error)
      : context_(context), error_(error)
  {
  }

  lmx_status convert(const toml::node &from, int depth, lmx_toml_node *to)
  {
    to->line = static_cast<int>(from.source().begin.line);
    if (depth > max_depth)
      return fail(error_, from.source().begin.line, "is nested too deeply");
    switch (from.type()) {
    case toml::node_type::table:
      return table(*from.as_table(), depth, to);
    case toml::node_type::array:
      return array(*from.as_array(), depth, to);
    case toml::node_type::string:
      to->type = LMX_TOML_STRING;
      return copy(from.as_string()->get(), to->line, &to->text);
    case toml::node_type::integer:
      to->type = LMX_TOML_INTEGER;
      to->integer = from.as_integer()->get();
      return LMX_OK;
    case toml::node_type::floating_point:
      to->type = LMX_TOML_FLOAT;
      to->number = from.as_floating_point()->get();
      return LMX_OK;
    case toml::node_type::boolean:
      to->type = LMX_TOML_BOOLEAN;
      to->boolean = from.as_boolean()->get();
      return LMX_OK;
    default:
      to->type = LMX_TOML_DATE;
      return LMX_OK;
    }
  }

private:
  lmx_context *context_;
  lmx_toml_error *error_;

  // C strings end at a NUL, so "points\u0000x" must not pass for "points".
  lmx_status copy(std::string_view text, int line, char **out)
  {
    if (text.find('\0') != std::string_view::npos)
      return fail(error_, static_cast<toml::source_index>(line),
                  "contains the character U+0000");
    LMX_TRY(LMX_NEW_ARRAY(context_, text.size() + 1, out));
    std::memcpy(*out, text.data(), text.size());
    return LMX_OK;
  }

  lmx_status children(std::size_t n, lmx_toml_node *to)
  {
    LMX_TRY(LMX_NEW_ARRAY(context_, n, &to->items));
    to->n = n;
    return LMX_OK;
  }

  lmx_status table(const toml::table &from, int depth, lmx_toml_node *to)
  {
    to->type = LMX_TOML_TABLE;
    LMX_TRY(children(from.size(), to));
    lmx_toml_node *item = to->items;
    for (auto &&[key, value] : from) {
      const int line = static_cast<int>(key.source().begin.line);
      LMX_TRY(copy(key.str(), line, &item->key));
      LMX_TRY(convert(value, depth + 1, item));
      if (item->line == 0)
        item->line = line;
      ++item;
    }
    return LMX_OK;
  }

  lmx_status array(const toml::array &from, int depth, lmx_toml_node *to)
  {
    to->type = LMX_TOML_ARRAY;
    LMX_TRY(children(from.size(), to));
    for (std::size_t i = 0; i < to->n; ++i)
      LMX_TRY(convert(from[i], depth + 1, &to->items[i]));
    return LMX_OK;
  }
};

void release(lmx_toml_node *node)
{
  for (std::size_t i = 0; i < node->n; ++i)
    release(&node->items[i]);
  lmx_free(node->items);
  lmx_free(node->key);
  lmx_free(node->text);
}

} // namespace

extern "C" lmx_status lmx_toml_parse(lmx_context *context, const char *text,
                                     size_t length, lmx_toml_node **out,
                                     lmx_toml_error *error)
{
  lmx_toml_node *root = nullptr;
  lmx_status status;
  LMX_TRY(lmx_toml_scan(text, length, error));
  try {
    const toml::table table = toml::parse(std::string_view(text, length));
    LMX_TRY_GOTO(LMX_NEW_ARRAY(context, 1, &root), fail);
    LMX_TRY_GOTO(Converter(context, error).convert(table, 0, root), fail);
    *out = root;
    return LMX_OK;
  } catch (const toml::parse_error &problem) {
    return fail(error, problem.source().begin.line, problem.description());
  } catch (const std::bad_alloc &) {
    return lmx_fail(context, LMX_ERR_MEMORY, "out of memory");
  } catch (const std::exception &problem) {
    return fail(error, 1, problem.what());
  }
fail:
  lmx_toml_destroy(&root);
  return status;
}

extern "C" void lmx_toml_destroy(lmx_toml_node **node)
{
  if (node == nullptr || *node == nullptr)
    return;
  release(*node);
  lmx_free(*node);
  *node = nullptr;
}

extern "C" const lmx_toml_node *lmx_toml_find(const lmx_toml_node *node,
                                              const char *key)
{
  if (node == nullptr || node->type != LMX_TOML_TABLE)
    return nullptr;
  for (std::size_t i = 0; i < node->n; ++i)
    if (std::strcmp(node->items[i].key, key) == 0)
      return &node->items[i];
  return nullptr;
}

extern "C" void lmx_toml_number(double x, char text[LMX_TOML_NUMBER])
{
  // to_chars writes "nan" with a sign; TOML and people need none.
  if (std::isnan(x)) {
    std::strcpy(text, "nan");
    return;
  }
  char *end = std::to_chars(text, text + LMX_TOML_NUMBER - 3, x).ptr;
  *end = '\0';
  // TOML takes a number for a float only by its point or exponent.
  if (std::strpbrk(text, ".ein") == nullptr)
    std::strcpy(end, ".0");
}
