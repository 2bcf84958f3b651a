using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Grid.Storage.Registry.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Results : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "Revision",
                table: "Temperatures",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<bool>(
                name: "Checked",
                table: "HouseholdDays",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<bool>(
                name: "Filled",
                table: "HouseholdDays",
                type: "boolean",
                nullable: false,
                defaultValue: false);

            migrationBuilder.AddColumn<short>(
                name: "KnownSlots",
                table: "HouseholdDays",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.AddColumn<short>(
                name: "MeasuredSlots",
                table: "HouseholdDays",
                type: "smallint",
                nullable: false,
                defaultValue: (short)0);

            migrationBuilder.CreateTable(
                name: "JobRuns",
                columns: table => new
                {
                    Job = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Period = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    Inputs = table.Column<string>(type: "text", nullable: false),
                    State = table.Column<short>(type: "smallint", nullable: false),
                    Node = table.Column<string>(type: "text", nullable: false),
                    StartedAt = table.Column<long>(type: "bigint", nullable: false),
                    EndedAt = table.Column<long>(type: "bigint", nullable: true),
                    Done = table.Column<int>(type: "integer", nullable: false),
                    Total = table.Column<int>(type: "integer", nullable: false),
                    Outcome = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_JobRuns", x => new { x.Job, x.Period, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "Releases",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    Audience = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    From = table.Column<DateOnly>(type: "date", nullable: false),
                    To = table.Column<DateOnly>(type: "date", nullable: false),
                    RuleHomes = table.Column<int>(type: "integer", nullable: false),
                    RuleShare = table.Column<double>(type: "double precision", nullable: false),
                    Homes = table.Column<string>(type: "text", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Releases", x => x.Id);
                });

            migrationBuilder.CreateTable(
                name: "Results",
                columns: table => new
                {
                    Kind = table.Column<short>(type: "smallint", nullable: false),
                    Subject = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Period = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Json = table.Column<byte[]>(type: "bytea", nullable: false),
                    Changes = table.Column<string>(type: "text", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Results", x => new { x.Kind, x.Subject, x.Period, x.Version });
                });

            migrationBuilder.CreateTable(
                name: "Violations",
                columns: table => new
                {
                    Household = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Day = table.Column<DateOnly>(type: "date", nullable: false),
                    RegisterWh = table.Column<long>(type: "bigint", nullable: false),
                    SlotsWh = table.Column<long>(type: "bigint", nullable: true),
                    NoticedAt = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Violations", x => new { x.Household, x.Day });
                });

            migrationBuilder.CreateIndex(
                name: "IX_HouseholdDays_Checked",
                table: "HouseholdDays",
                column: "Checked",
                filter: "NOT \"Checked\"");

            migrationBuilder.CreateIndex(
                name: "IX_HouseholdDays_Filled",
                table: "HouseholdDays",
                column: "Filled",
                filter: "\"Filled\"");

            migrationBuilder.CreateIndex(
                name: "IX_JobRuns_StartedAt",
                table: "JobRuns",
                column: "StartedAt");

            migrationBuilder.CreateIndex(
                name: "IX_Releases_Audience_From",
                table: "Releases",
                columns: new[] { "Audience", "From" });

            migrationBuilder.CreateIndex(
                name: "IX_Results_Kind_Period",
                table: "Results",
                columns: new[] { "Kind", "Period" });

            // Reports that were told stay as they were told.
            migrationBuilder.Sql(
                """
                INSERT INTO "Results" ("Kind", "Subject", "Period", "Version", "CreatedAt", "Json")
                SELECT 1, "Household", to_char("Month", 'YYYY-MM'), "Version", "CreatedAt", "Json" FROM "Reports"
                """);

            migrationBuilder.DropTable(
                name: "Reports");

            // How many of a day's slots are known is not known of days computed before: all are computed again.
            migrationBuilder.Sql(
                """
                INSERT INTO "TouchedDays" ("Meter", "Day", "Revision")
                SELECT DISTINCT m."Meter", d."Day", 1 FROM "HouseholdDays" d JOIN "Meters" m ON m."Household" = d."Household" WHERE m."Kind" = 1
                ON CONFLICT ("Meter", "Day") DO UPDATE SET "Revision" = "TouchedDays"."Revision" + 1
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "JobRuns");

            migrationBuilder.DropTable(
                name: "Releases");

            migrationBuilder.DropTable(
                name: "Results");

            migrationBuilder.DropTable(
                name: "Violations");

            migrationBuilder.DropIndex(
                name: "IX_HouseholdDays_Checked",
                table: "HouseholdDays");

            migrationBuilder.DropIndex(
                name: "IX_HouseholdDays_Filled",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "Revision",
                table: "Temperatures");

            migrationBuilder.DropColumn(
                name: "Checked",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "Filled",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "KnownSlots",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "MeasuredSlots",
                table: "HouseholdDays");

            migrationBuilder.CreateTable(
                name: "Reports",
                columns: table => new
                {
                    Household = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Month = table.Column<DateOnly>(type: "date", nullable: false),
                    Version = table.Column<int>(type: "integer", nullable: false),
                    CreatedAt = table.Column<long>(type: "bigint", nullable: false),
                    Json = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_Reports", x => new { x.Household, x.Month, x.Version });
                });
        }
    }
}
