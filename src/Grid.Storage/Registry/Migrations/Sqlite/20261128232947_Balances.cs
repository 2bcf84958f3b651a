using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Grid.Storage.Registry.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Balances : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "BalanceExportWh",
                table: "HouseholdDays",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "BalanceImportWh",
                table: "HouseholdDays",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "ChargedWh",
                table: "HouseholdDays",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "DischargedWh",
                table: "HouseholdDays",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "EvWh",
                table: "HouseholdDays",
                type: "INTEGER",
                nullable: true);

            migrationBuilder.AddColumn<long>(
                name: "MadeWh",
                table: "HouseholdDays",
                type: "INTEGER",
                nullable: true);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "BalanceExportWh",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "BalanceImportWh",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "ChargedWh",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "DischargedWh",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "EvWh",
                table: "HouseholdDays");

            migrationBuilder.DropColumn(
                name: "MadeWh",
                table: "HouseholdDays");
        }
    }
}
